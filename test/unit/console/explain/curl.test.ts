import * as fc from "fast-check";
import { expect, test } from "vitest";

import { shellQuoted } from "../../../../src/cli/text/shell-quote.ts";
import { isCurl, parseCurl } from "../../../../src/console/pages/explain/curl.ts";
import { shellWords } from "../../../../src/console/pages/explain/shell-words.ts";
import { check } from "../../../support/property.ts";
import { characters } from "../../../property/arbitraries/text.ts";
import { webUrls } from "../../../property/arbitraries/web.ts";

const wordsOf = (text: string) => {
  const read = shellWords(text);
  return read.ok ? read.value : read.error.message;
};

const requestOf = (text: string) => {
  const read = parseCurl(text);
  return read.ok ? read.value : read.error.message;
};

test.each([
  [`a 'b c' "d e" f\\ g`, ["a", "b c", "d e", "f g"]],
  [`'a'"b"c`, ["abc"]],
  [`a '' ""`, ["a", "", ""]],
  ['"a \\" \\\\ \\n $x"', ['a " \\ \\n $x']],
  ["a \\\n  b \\\r\n c", ["a", "b", "c"]],
  ['"a\\\nb"', ["ab"]],
  [`$'it\\'s \\x41\\u00e9\\U1F600\\101\\n\\q'`, ["it's Aé😀A\n\\q"]],
  ["  ", []],
])("a shell reads %j as it does", (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test.each(["'a", '"a', "$'a"])("%s says that its quote is open", (text) => {
  expect(wordsOf(text)).toContain("is not closed");
});

test("whatever a word holds, quoted for a shell it is read back", () => {
  check(
    fc.property(fc.array(fc.string({ unit: characters })), (words) => {
      expect(wordsOf(words.map(shellQuoted).join(" "))).toEqual(words);
    }),
  );
});

test("a browser's command says which request it sent", () => {
  const command = `curl 'https://shop.example.com/cart?x=1' \\
  -H 'accept: text/html' \\
  -H $'x-who: it\\'s me' \\
  -b 'a=1; b=2' \\
  -A 'Mozilla/5.0 (X11)' -e https://example.com/ \\
  --compressed -sSL --max-time 5 -o /dev/null`;
  expect(requestOf(command)).toEqual({
    url: "https://shop.example.com/cart?x=1",
    method: "GET",
    headers: {
      accept: "text/html",
      "x-who": "it's me",
      cookie: "a=1; b=2",
      "user-agent": "Mozilla/5.0 (X11)",
      referer: "https://example.com/",
      "accept-encoding": "gzip, deflate, br",
    },
  });
});

test.each([
  ["curl a.example", "GET", "http://a.example"],
  ["$ curl --url https://a.example -X DELETE", "DELETE", "https://a.example"],
  ["curl -XPUT https://a.example", "PUT", "https://a.example"],
  ["curl -I https://a.example", "HEAD", "https://a.example"],
  ["curl https://a.example -d x=1", "POST", "https://a.example"],
  ["curl https://a.example --data-raw '{}' -X PATCH", "PATCH", "https://a.example"],
  ["curl https://a.example -F f=@x", "POST", "https://a.example"],
  ["curl -T file https://a.example", "PUT", "https://a.example"],
  ["curl -G https://a.example?y=0 -d x=1 -d z=2", "GET", "https://a.example?y=0&x=1&z=2"],
  ["curl -sIH 'a: b' https://a.example", "HEAD", "https://a.example"],
])("%s is a %s of %s", (command, method, url) => {
  expect(requestOf(command)).toMatchObject({ method, url });
});

test("headers of one name are one, a bare one is empty, and one with nothing behind its colon is none", () => {
  const command = `curl h.example -H 'X-A: 1' -Hx-a:2 -b p=1 -H 'Cookie: q=2' -H 'x-empty;' -H 'accept:' -u 'me:é'`;
  expect(requestOf(command)).toMatchObject({
    headers: {
      "x-a": "1, 2",
      cookie: "p=1; q=2",
      "x-empty": "",
      authorization: `Basic ${Buffer.from("me:é").toString("base64")}`,
    },
  });
});

test("--json says what it sends and takes", () => {
  expect(requestOf("curl h.example --json '{}'")).toMatchObject({
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
  });
});

test.each([
  ["wget https://a.example", "this is not a curl command"],
  ["curl", "the command has no URL"],
  ["curl -s", "the command has no URL"],
  ["curl a.example b.example", "the command has 2 URLs: a.example, b.example"],
  ["curl a.example --frobnicate 1", "the option --frobnicate is not known here"],
  ["curl a.example -H", "the option -H has no value"],
  ["curl a.example -H nothing", '"nothing" is not a header'],
  ["curl a.example -H @file", "-H @file is a file of headers, which a page cannot read"],
  ["curl a.example -b jar.txt", "-b jar.txt is a file of cookies, which a page cannot read"],
  ["curl 'a.example", "a quote ' is not closed"],
  [
    'curl ^"https://a.example^" ^\r\n -H ^"a: b^"',
    "this is quoted for the command prompt of Windows",
  ],
])("%s: %s", (command, message) => {
  expect(requestOf(command)).toBe(message);
});

test("whatever the URL and the headers, a command that says them is read back", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const value = fc.stringMatching(/^[\x21-\x7E](?:[\x20-\x7E]{0,20}[\x21-\x7E])?$/);
  check(
    fc.property(webUrls, fc.dictionary(name, value, { noNullPrototype: true }), (url, headers) => {
      const options = Object.entries(headers).map(([n, v]) => `-H ${shellQuoted(`${n}: ${v}`)}`);
      const command = ["curl", ...options, shellQuoted(url)].join(" ");
      expect(requestOf(command)).toEqual({ url, method: "GET", headers });
    }),
  );
});

test("nothing that somebody pastes throws", () => {
  check(
    fc.property(fc.string({ unit: characters }), (text) => {
      expect(() => parseCurl(`curl ${text}`)).not.toThrow();
    }),
  );
});

test("a URL is not a command, and a command is none that only begins like one", () => {
  expect(isCurl("https://curl.example")).toBe(false);
  expect(isCurl("curly.example")).toBe(false);
  expect(isCurl(" $ curl x")).toBe(true);
});
