import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as fc from "fast-check";

import { readArguments } from "../../../src/cli/arguments.ts";
import { check } from "../../support/property.ts";
import { folder, sy } from "./shell.ts";

const ARGS = {
  key: { type: "positional" },
  rest: { type: "positional", required: false },
  note: { type: "string", alias: "m" },
  json: { type: "boolean" },
} as const;
const read = (...words: string[]) => readArguments(ARGS, words, { repeatable: [], open: false });

let work: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  work = await folder({
    "shop.example.com.json": {
      strategy: "canary",
      stable: "https://v1.example.com",
      canary: "https://v2.example.com",
      percent: 20,
      sticky: { by: [{ header: "-x" }, "cookie"] },
    },
  });
});
afterAll(async () => work.remove());
const type = async (...argv: string[]) => sy({ cwd: work.cwd }, ...argv);

describe("values that begin with a dash", () => {
  test.each([
    [["k", "--note", "-x"], { note: "-x" }],
    [["k", "--note=-x"], { note: "-x" }],
    [["k", "-m", "-x"], { note: "-x" }],
    [["k", "-m-x"], { note: "-x" }],
    [["k", "-m", "--x y"], { note: "--x y" }],
    [["k", "-m", "-"], { note: "-" }],
    [["k", "--note", ""], { note: "" }],
    [["-m", "-5", "--json", "k"], { note: "-5", json: true }],
    [["--", "-k", "--note"], { key: "-k", rest: "--note" }],
    [["k", "--", "-m"], { rest: "-m" }],
    [["k", "--note", "a=b", "-"], { note: "a=b", rest: "-" }],
  ])("%j", (words, expected) => {
    expect(read(...words).values).toMatchObject(expected);
  });

  test("are any text at all but an option of the command itself", () => {
    const taken = new Set(["--note", "-m", "--json", "--help", "-h", "--"]);
    check(
      fc.property(
        fc.string().map((text) => `-${text}`),
        (value) => {
          fc.pre(!taken.has(value.split("=")[0] ?? ""));
          expect(read("k", "--note", value).values).toMatchObject({ note: value });
          expect(read("k", "-m", value).values).toMatchObject({ note: value });
          expect(read("k", "--", value).values).toMatchObject({ rest: value });
        },
      ),
    );
  });

  test.each([
    [["k", "--note", "--json"], '--note needs a value before "--json"'],
    [["k", "-m", "--", "x"], '-m needs a value before "--"'],
    [["k", "--note"], "Option '-m, --note <value>' argument missing"],
    [["k", "-x"], "Unknown option '-x'"],
    [["k", "--json", "--json"], "--json is given twice"],
    [["--json"], "Missing required positional argument: KEY"],
  ])("a forgotten value is not one: %j", (words, message) => {
    expect(() => read(...words)).toThrow(message);
  });

  test("say where a positional one goes", async () => {
    const { code, err } = await type("force", "shop", "-x");
    expect([code, err]).toEqual([
      64,
      "sy: Unknown option '-x'; put -- before a value that begins so; see the command with --help\n",
    ]);
  });

  test("work in every option of a real command", async () => {
    const url = "https://shop.example.com/";
    const file = ["--policy", "shop.example.com.json", "--json"];
    for (const visitor of ["-AAAAAAAAAAAAAAAAAAAAA", "--AAAAAAAAAAAAAAAAAAAA"]) {
      const { out } = await type("explain", url, "--visitor", visitor, ...file);
      expect(JSON.parse(out)).toMatchObject({ drawn: false, decision: { visitor } });
    }
    const byHeader = await type("explain", url, "-H", "-x: me", ...file);
    expect(JSON.parse(byHeader.out)).toMatchObject({ drawn: false });
    const { code, err } = await type("promote", "shop", "--to", "-5");
    expect([code, err]).toEqual([
      64,
      'sy: --to must be a number from 0 to 100, not "-5"; write for example 25\n',
    ]);
    expect((await type("weights", "shop", "control=-5")).err).toBe(
      'sy: control must be a whole number from 0 to 1000000, not "-5"; write for example 50\n',
    );
  });

  test("help is asked for by an option, not by a value", async () => {
    expect((await type("explain", "--help")).code).toBe(0);
    expect((await type("explain", "--policy=--help", "x", "--at=-h")).code).toBe(64);
    expect((await type("promote", "--", "-h")).err).toMatch(/^sy: "-h" is not a route key/);
  });
});

describe("lengths of time and instants", () => {
  const explain = async (...more: string[]) =>
    type("explain", "https://shop.example.com/", "--policy", "shop.example.com.json", ...more);

  test.each([
    ["now", "2026-12-01T12:00:00.000Z"],
    ["+5m", "2026-12-01T12:05:00.000Z"],
    ["+1h30m", "2026-12-01T13:30:00.000Z"],
    ["-2d", "2026-11-29T12:00:00.000Z"],
    ["2026-12-01T09:00:00+01:00", "2026-12-01T08:00:00.000Z"],
  ])("--at %s", async (text, at) => {
    expect(JSON.parse((await explain("--at", text, "--json")).out)).toMatchObject({ at });
    expect((await explain("--seen-at", text, "--json")).code).toBe(0);
  });

  test.each([
    [["renew", "x", "--for", "soon"], '--for must be a length of time, not "soon"'],
    [["renew", "x", "--for", "-5m"], '--for must be a length of time, not "-5m"'],
    [["switch", "x", "--drain", "1.5h"], '--drain must be a length of time, not "1.5h"'],
    [["switch", "x", "--at", "soon"], "--at must be a time that exists, with its zone (RFC 3339)"],
    [["switch", "x", "--at", "+soon"], '--at must be a length of time, not "soon"'],
    [["link", "x", "y", "--for", "2w"], '--for must be a length of time, not "2w"'],
    [["explain", "http://x", "--at", "5m"], "--at must be a time that exists"],
    [["explain", "http://x", "--seen-at", "x"], "--seen-at must be a time that exists"],
    [["simulate", "shop.example.com.json", "--at", "x"], "--at must be a time that exists"],
  ])("%j is refused, with the option's name", async (argv, message) => {
    const { code, err } = await type(...argv);
    expect([code, err]).toEqual([64, expect.stringContaining(`sy: ${message}`)]);
  });
});
