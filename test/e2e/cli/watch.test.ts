import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { TestControl } from "../../support/gateway.ts";
import { folder, sy, type Outcome } from "../../unit/cli/shell.ts";
import { startApi, TOKENS } from "./gateway.ts";

const KEY = "watched.example.com";

let control: TestControl;
let work: Awaited<ReturnType<typeof folder>>;
const ended: (() => Promise<void>)[] = [];

beforeAll(async () => {
  control = await startApi();
  work = await folder({ [`${KEY}.json`]: { origin: "https://www.example.com" } });
  const env = { SY_URL: control.url, SY_TOKEN: TOKENS.write };
  const { code, err } = await sy({ cwd: work.cwd, env }, "apply", `${KEY}.json`);
  if (code !== 0) throw new Error(`the route was not made: ${err}`);
});
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});
afterAll(async () => {
  await control.close();
  await work.remove();
});

/** A wire to the control plane that can be cut, and mended. */
async function wire() {
  const target = Number(new URL(control.url).port);
  const sockets = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((socket) => {
      const onward = connect(target, "127.0.0.1");
      for (const one of [socket, onward]) {
        sockets.add(one);
        // One that is cut fails at both ends, and that is what is wanted.
        one.on("error", () => undefined);
        one.once("close", () => sockets.delete(one));
      }
      socket.pipe(onward).pipe(socket);
    }).listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const mend = async (): Promise<void> => {
    server = await listen(port);
  };
  ended.push(cut);
  return { url: `http://127.0.0.1:${port}`, cut, mend };
}

/** What is done once a text has been seen. */
interface Step {
  readonly seen: string;
  readonly act: () => Promise<void>;
}

interface Watched {
  readonly url: string;
  readonly steps: readonly Step[];
  readonly terminal?: { readonly columns: number; readonly rows: number };
  readonly more?: readonly string[];
}

/** Watches the route, one step after another, and asks it to end once the last one has been seen and done. */
async function watched({ url, steps, terminal, more = [] }: Watched): Promise<Outcome> {
  const end = new AbortController();
  const left = [...steps];
  /** Looks for the next step in what one stream has got since the last one. */
  const follow = () => {
    let from = 0;
    return (soFar: string): void => {
      const [step] = left;
      if (step === undefined || !soFar.includes(step.seen, from)) return;
      left.shift();
      from = soFar.length;
      void step.act().then(() => left.length === 0 && end.abort());
    };
  };
  const outcome = await sy(
    {
      cwd: work.cwd,
      env: { SY_URL: url, SY_TOKEN: TOKENS.read },
      ...(terminal === undefined ? {} : { terminal }),
      end: end.signal,
      now: Date.now,
      onOutput: follow(),
      onRemark: follow(),
    },
    "watch",
    KEY,
    "--interval",
    "1s",
    ...more,
  );
  expect([left.length, outcome.err]).toEqual([0, expect.any(String)]);
  return outcome;
}

const nothing = async (): Promise<void> => undefined;

describe("sy watch", () => {
  test("on a terminal draws over its table, says when the API is away, and goes on when it is back", async () => {
    const line = await wire();
    const { code, out, err } = await watched({
      url: line.url,
      terminal: { columns: 80, rows: 24 },
      steps: [
        { seen: "Ctrl-C ends", act: line.cut },
        { seen: "no answer since ", act: line.mend },
        { seen: "Ctrl-C ends", act: nothing },
      ],
    });
    expect([code, err]).toEqual([0, ""]);
    const opened = "\u001B[?1049h\u001B[?25l\u001B[?7l";
    const [before, last] = out.split("\u001B[?7h\u001B[?25h\u001B[?1049l");
    expect(before?.startsWith(`${opened}\u001B[H${KEY}  version `)).toBe(true);
    expect(before).toMatch(
      /no answer since \d\d:\d\d:\d\d UTC, trying on: nothing answers at http:\/\/127\.0\.0\.1:\d+: /,
    );
    // What it showed last is left, without any control sequence.
    expect(last).toMatch(
      /^watched\.example\.com {2}version [\n -~]*\n\d\d:\d\d:\d\d UTC, every 1 s; Ctrl-C ends\n$/,
    );
  });

  test("in a pipe says on stderr that the API is away, once, and that it is back", async () => {
    const line = await wire();
    const { code, out, err } = await watched({
      url: line.url,
      steps: [
        { seen: `${KEY}  no split\n`, act: line.cut },
        { seen: "no answer since ", act: line.mend },
        { seen: ": answers again\n", act: nothing },
      ],
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^(?:20\d\d-\S+Z {2}watched\.example\.com {2}no split\n)+$/);
    expect(err).toMatch(
      /^no answer since \d\d:\d\d:\d\d UTC, trying on: .*\n\d\d:\d\d:\d\d UTC: answers again\n$/,
    );
  });

  test("with --json prints what the API answered, an object a line", async () => {
    const { code, out } = await watched({
      url: control.url,
      steps: [{ seen: "\n", act: nothing }],
      more: ["--json"],
    });
    expect(code).toBe(0);
    const [line = ""] = out.split("\n");
    expect(JSON.parse(line)).toMatchObject({
      status: { route: KEY, experiments: [] },
      results: { route: KEY, experiments: [] },
      metrics: { route: KEY, step: 60 },
    });
  });

  test.each([
    ["nothing answers", { url: "http://127.0.0.1:9" }, 1, /^sy: nothing answers at /],
    ["there is no such route", { key: "no.example.com" }, 1, /^sy: There is no such route; see sy/],
    ["0 s are no interval", { more: ["--interval", "0s"] }, 64, /^sy: --interval must be from 1s/],
    ["nor are two hours", { more: ["--interval", "2h"] }, 64, /^sy: --interval must be from 1s/],
  ])("ends where %s", async (_what, { url, key = KEY, more = [] }: Refusal, exit, line) => {
    const env = { SY_URL: url ?? control.url, SY_TOKEN: TOKENS.read };
    const { code, out, err } = await sy({ cwd: work.cwd, env }, "watch", key, ...more);
    expect([code, out]).toEqual([exit, ""]);
    expect(err).toMatch(line);
  });
});

interface Refusal {
  readonly url?: string;
  readonly key?: string;
  readonly more?: readonly string[];
}
