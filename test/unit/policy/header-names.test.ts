import { describe, expect, test } from "vitest";
import { issuesOf, ORIGIN, single, weighted } from "./judge.ts";

const MANAGED = `
connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer
transfer-encoding upgrade content-length host expect via cdn-loop x-switchyard-route
x-switchyard-visitor x-switchyard-anything
`
  .trim()
  .split(/\s+/);

const CLAIMS = `
x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-prefix x-forwarded-user forwarded
x-real-ip true-client-ip client-ip fastly-client-ip x-client-ip x-cluster-client-ip forwarded-for
x-forwarded x-original-forwarded-for x-original-url x-rewrite-url x-http-method-override
x-http-method x-method-override cf-access-jwt-assertion cf-connecting-ip x-remote-user
`
  .trim()
  .split(/\s+/);

/** The same name as a server may read it, in other letters. */
const spellings = (name: string) => [name, name.toUpperCase(), name.replaceAll("-", "_")];

const edit = (direction: string, kind: string, name: string) => ({
  [direction]: { [kind]: kind === "remove" ? [name] : { [name]: "x" } },
});

/** The place of an issue, as the issue tells it. */
const at = (direction: string, kind: string, name: string) =>
  `$.headers.${direction}.${kind}${kind === "remove" ? "[0]" : /^\w+$/.test(name) ? `.${name}` : `["${name}"]`}`;

/** What is wrong of a key is told of that key, what is wrong in a list of its item. */
const told = (kind: string, name: string, fault: string) =>
  `"${kind === "remove" ? "item [0]" : name}" ${fault}, not "${name}"`;

describe.each(MANAGED)("the gateway itself answers for %s", (name) => {
  test.each(["request", "response"])("no %s edit touches it", (direction) => {
    for (const spelling of spellings(name)) {
      for (const kind of ["set", "add", "remove"]) {
        expect(issuesOf(single({ headers: edit(direction, kind, spelling) }))).toEqual([
          {
            path: at(direction, kind, spelling),
            message: told(
              kind,
              spelling,
              "must not be a header that the gateway itself answers for",
            ),
            fix: "remove it",
          },
        ]);
      }
    }
  });
});

describe.each(CLAIMS)("%s claims what only the gateway knows", (name) => {
  test("no edit puts it into an origin's request", () => {
    for (const spelling of spellings(name)) {
      for (const kind of ["set", "add"]) {
        expect(issuesOf(single({ headers: edit("request", kind, spelling) }))).toEqual([
          {
            path: at("request", kind, spelling),
            message: told(
              kind,
              spelling,
              "must not be a header that claims an address, a URL, a method or an identity",
            ),
            fix: "remove it, or give it a name of your own; the gateway tells origins what is true of these",
          },
        ]);
      }
    }
  });

  test("to take it out, or to send it to a client, claims nothing", () => {
    expect(issuesOf(single({ headers: edit("request", "remove", name) }))).toEqual([]);
    expect(issuesOf(single({ headers: edit("response", "set", name) }))).toEqual([]);
  });
});

test("wherever edits may stand: on a variant, an origin, a fallback, a mirror", () => {
  const headers = edit("request", "set", "True-Client-IP");
  const origin = { url: ORIGIN, headers };
  const variant = { name: "a", origin: ORIGIN, weight: 1, headers };
  for (const policy of [
    weighted({ variants: [variant] }),
    single({ origin }),
    single({ fallback: origin }),
    single({ mirror: { origin, percent: 1 } }),
  ]) {
    expect(issuesOf(policy).map(({ path }) => path)).toEqual([
      expect.stringMatching(/headers\.request\.set\["True-Client-IP"\]$/),
    ]);
  }
});

test.each(["authorization", "x-user-id", "cookie", "x-team", "x-client-version", "origin"])(
  "%s may be set",
  (name) => {
    expect(issuesOf(single({ headers: edit("request", "set", name) }))).toEqual([]);
    expect(issuesOf(single({ headers: edit("response", "add", name) }))).toEqual([]);
  },
);

test("the visitor's address can be kept from an origin", () => {
  const remove = ["X-Forwarded-For", "X-Real-IP", "X-Switchyard-Client-IP"];
  expect(issuesOf(single({ headers: { request: { remove } } }))).toEqual([]);
  const set = { "x-switchyard-client-ip": "203.0.113.7" };
  expect(issuesOf(single({ headers: { request: { set } } }))).toHaveLength(1);
});
