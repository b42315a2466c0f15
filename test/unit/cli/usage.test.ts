import { describe, expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { takesColour } from "../../../src/cli/io.ts";
import { sy } from "./shell.ts";

const HERE = { cwd: import.meta.dirname };

describe("the command line itself", () => {
  test("shows every command when asked, and when it is given none", async () => {
    const asked = await sy(HERE, "--help");
    expect(asked.code).toBe(0);
    for (const name of Object.keys(COMMANDS))
      expect(asked.out).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(await sy(HERE)).toEqual({ ...asked, code: 64 });
  });

  test.each(Object.keys(COMMANDS))(
    "explains %s with --help, without colour in a pipe",
    async (name) => {
      const { code, out, err } = await sy(HERE, name, "--help");
      expect([code, err]).toEqual([0, ""]);
      expect(out).toContain(`USAGE sy ${name}`);
      expect(out).not.toContain("\u001B");
      expect(await sy(HERE, name, "-h")).toEqual({ code, out, err });
      expect(await sy(HERE, "help", name)).toEqual({ code, out, err });
    },
  );

  test.each([
    [["validat"], /^sy: "validat" is not a command; did you mean "validate"\? See sy --help$/],
    [["help", "validat"], /^sy: "validat" is not a command; did you mean "validate"\?/],
    [["xyzzy"], /^sy: "xyzzy" is not a command; see sy --help$/],
    [["promot", "x"], /^sy: "promot" is not a command; did you mean "promote"\?/],
    [["promote", "x", "--to", "101"], /^sy: --to must be a number from 0 to 100, not "101"/],
    [["promote", "x", "--node", "/a", "--path", "/b"], /^sy: --node and --path both say where/],
    [["promote", "no key"], /^sy: "no key" is not a route key; a key is a host/],
    [["weights", "x"], /^sy: Missing required positional argument: WEIGHTS; see/],
    [["weights", "x", "control"], /^sy: "control" is not a weight; write for example control=90/],
    [["weights", "x", "control=1.5"], /^sy: control must be a whole number from 0 to/],
    [["renew", "x"], /^sy: Missing required argument: --for; see/],
    [["renew", "x", "--for", "soon"], /^sy: --for must be a length of time, not "soon"; write/],
    [["rollback", "x", "--to", "0"], /^sy: --to must be a whole number from 1/],
    [
      ["explain", "http://x", "--version", "3"],
      /^sy: --version needs the route; name it with --key/,
    ],
    [["apply", "x.json", "--prune"], /^sy: --prune with one file would delete every other/],
    [["validate", "--jsn"], /^sy: Unknown option '--jsn'; see the command with --help$/],
    [["validate", "a", "b"], /^sy: unexpected argument "b"; see/],
    [["simulate"], /^sy: Missing required positional argument: POLICY; see/],
    [["simulate", "x.json", "--key"], /^sy: Option '--key <value>' argument missing; see/],
    [
      ["simulate", "x.json", "--key", "a", "--key", "b"],
      /^sy: --key is given twice; give it once$/,
    ],
    [["simulate", "x.json", "--visitors", "0"], /^sy: --visitors must be a whole number from 1 to/],
    [["explain", "ftp://x"], /^sy: url must be an http or https URL/],
    [["explain", "http://x", "-H", "nonsense"], /^sy: "nonsense" is not a header; write -H/],
    [["explain", "http://x", "--country", "Sweden"], /^sy: country must be a two-letter/],
  ])("refuses %j as wrong usage, in one line", async (argv, line) => {
    const { code, out, err } = await sy(HERE, ...argv);
    expect([code, out]).toEqual([64, ""]);
    expect(err.trimEnd()).toMatch(line);
    expect(err.trimEnd()).not.toContain("\n");
  });

  test("tells failures as JSON where JSON is asked for", async () => {
    const { code, out, err } = await sy(HERE, "validate", "nowhere", "--json");
    expect([code, out]).toEqual([1, ""]);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: "failed",
        message: 'there is no file or folder "nowhere"',
        fix: "check the path",
      },
    });
  });

  test.each([
    [true, {}, true],
    [true, { NO_COLOR: "" }, true],
    [true, { NO_COLOR: "0" }, false],
    [true, { TERM: "dumb" }, false],
    [false, { FORCE_COLOR: "1" }, false],
  ])("on a terminal: %j, with %j: colour is %j", (isTerminal, env, expected) => {
    expect(takesColour(isTerminal, env)).toBe(expected);
  });
});
