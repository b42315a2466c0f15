import { PassThrough } from "node:stream";

import { describe, expect, test } from "vitest";

import { Refused } from "../../../../src/api/client/refused.ts";
import { Failure } from "../../../../src/cli/failure.ts";
import type { Io } from "../../../../src/cli/io.ts";
import { watching } from "../../../../src/cli/watch/loop.ts";
import { Screen } from "../../../../src/cli/watch/screen.ts";

describe("the loop of a watch", () => {
  const away = new Failure("nothing answers", "start one", { code: "unreachable" });
  const refused = (status: number) =>
    new Refused(status, { type: "about:blank", title: "no", status, code: "x" } as never, {});

  /** Watches what these looks give, one after another; ends after the last. */
  async function watched(...looks: (string | Error)[]) {
    const told: string[] = [];
    const end = new AbortController();
    const look = async (): Promise<string> => {
      const next = looks.shift();
      if (looks.length === 0) queueMicrotask(() => end.abort());
      if (next instanceof Error) throw next;
      return next ?? "";
    };
    const view = {
      show: (seen: string) => void told.push(seen),
      lost: ({ message }: Failure) => void told.push(`lost: ${message}`),
      close: () => void told.push("closed"),
    };
    await watching({ look, view, intervalMs: 1, ending: end.signal }).catch((error: unknown) =>
      told.push(`threw: ${(error as Error).message}`),
    );
    return told;
  }

  test("goes on where the API is away for a moment, and says so", async () => {
    expect(await watched("one", away, refused(503), refused(429), "two", "three")).toEqual([
      "one",
      "lost: nothing answers",
      "lost: no",
      "lost: no",
      "two",
      "three",
      "closed",
    ]);
  });

  test("gives up where it never answered, and where waiting changes nothing", async () => {
    expect(await watched(away, "one", "two")).toEqual(["closed", "threw: nothing answers"]);
    expect(await watched("one", refused(404), "two", "")).toEqual(["one", "closed", "threw: no"]);
    const bug = new TypeError("a bug");
    expect(await watched("one", bug, "two", "")).toEqual(["one", "closed", "threw: a bug"]);
  });

  test("ends at once when asked to, in the middle of a look too", async () => {
    const end = new AbortController();
    const told: string[] = [];
    const look = async (): Promise<string> =>
      new Promise((_resolve, reject) => {
        end.signal.addEventListener("abort", () => reject(new Error("aborted")));
        queueMicrotask(() => end.abort());
      });
    const view = {
      show: () => void told.push("shown"),
      lost: () => void told.push("lost"),
      close: () => void told.push("closed"),
    };
    await watching({ look, view, intervalMs: 3_600_000, ending: end.signal });
    expect(told).toEqual(["closed"]);
  });
});

describe("the screen of a watch", () => {
  function opened(rows: number) {
    const stdout = new PassThrough({ encoding: "utf8" });
    const terminal = { columns: 80, rows };
    const screen = new Screen({ stdout } as unknown as Io, terminal);
    return { stdout, terminal, screen, read: () => (stdout.read() ?? "") as string };
  }

  test("is drawn over in place, and given back with its cursor and what it showed last", () => {
    const { screen, read } = opened(24);
    expect(read()).toBe("\u001B[?1049h\u001B[?25l\u001B[?7l");
    screen.draw(["one", "two"]);
    expect(read()).toBe("\u001B[Hone\u001B[K\r\ntwo\u001B[K\r\n\u001B[J");
    screen.draw(["three"]);
    expect(read()).toBe("\u001B[Hthree\u001B[K\r\n\u001B[J");
    screen.close();
    expect(read()).toBe("\u001B[?7h\u001B[?25h\u001B[?1049lthree\n");
  });

  test("shows what fits, and more of it in a window that has grown", () => {
    const { stdout, terminal, screen, read } = opened(3);
    read();
    screen.draw(["one", "two", "three"]);
    expect(read()).toBe("\u001B[Hone\u001B[K\r\ntwo\u001B[K\r\n\u001B[J");
    terminal.rows = 4;
    stdout.emit("resize");
    expect(read()).toBe("\u001B[Hone\u001B[K\r\ntwo\u001B[K\r\nthree\u001B[K\r\n\u001B[J");
    screen.close();
    read();
    stdout.emit("resize");
    expect(read()).toBe("");
  });

  test("lets no control character of others through", () => {
    const { screen, read } = opened(24);
    read();
    screen.draw(["a\u001B[2Jb\nc"]);
    expect(read()).toBe("\u001B[Ha\uFFFD[2Jb\uFFFDc\u001B[K\r\n\u001B[J");
  });
});
