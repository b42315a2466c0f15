import { afterEach, describe, expect, it, vi } from "vitest";

import {
  MAX_TOKEN_CHARS,
  TOKEN_PREFIX,
  signToken,
  tokenKey,
  verifyToken,
  type Claim,
} from "../../../src/override/token.ts";

/** What takes a second may take many on a machine with other work. */
const BUSY_MS = 30_000;

const SECRET = "a secret of some length";
const CLAIM: Claim = {
  route: "shop.example.com",
  variant: "treatment",
  expiresAt: 2_000_000_000_000,
};

const key = await tokenKey(SECRET);
const token = await signToken(CLAIM, key);

/** How many of these texts pass for a token. */
async function accepted(texts: readonly string[]): Promise<string[]> {
  const claims = await Promise.all(texts.map((text) => verifyToken(text, key)));
  return texts.filter((_, index) => claims[index] !== undefined);
}

const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64url");

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a token", () => {
  it("says what was signed, and is made of characters that a query carries as they are", async () => {
    expect(await verifyToken(token, key)).toEqual(CLAIM);
    expect(token).toMatch(/^sy1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
    expect(new URLSearchParams(`sy=${token}`).get("sy")).toBe(token);
  });

  it("carries any route and variant, letters of all scripts included", async () => {
    for (const claim of [
      { ...CLAIM, route: "*.example.com", variant: "Grün 2 · 緑" },
      { ...CLAIM, route: "*", variant: '"}' },
      { ...CLAIM, expiresAt: 0 },
    ]) {
      expect(await verifyToken(await signToken(claim, key), key)).toEqual(claim);
    }
  });

  it("is refused for a change of any byte to any other", { timeout: BUSY_MS }, async () => {
    for (let at = 0; at < token.length; at += 1) {
      const changed: string[] = [];
      for (let byte = 0; byte < 256; byte += 1) {
        const text = token.slice(0, at) + String.fromCharCode(byte) + token.slice(at + 1);
        if (text !== token) changed.push(text);
      }
      expect(changed).toHaveLength(255);
      expect(await accepted(changed)).toEqual([]);
    }
  });

  it("is refused with a byte left out, put in or put twice, anywhere", async () => {
    const places = Array.from({ length: token.length + 1 }, (_, index) => index);
    const texts = places.flatMap((at) => [
      token.slice(0, at) + token.slice(at + 1),
      token.slice(0, at),
      ...["A", ".", "=", " ", "\n", "%", token.charAt(at)].map(
        (extra) => token.slice(0, at) + extra + token.slice(at),
      ),
    ]);
    expect(await accepted(texts.filter((text) => text !== token))).toEqual([]);
  });

  it("is refused under another secret", async () => {
    for (const secret of [`${SECRET} `, SECRET.toUpperCase(), "x".repeat(16)]) {
      expect(await verifyToken(token, await tokenKey(secret))).toBeUndefined();
    }
  });

  it("lends its signature to no other claim, and takes none from another token", async () => {
    const [, , signature = ""] = token.split(".");
    const claims: unknown[] = [
      { ...CLAIM, route: "blog.example.com" },
      { ...CLAIM, variant: "control" },
      { ...CLAIM, expiresAt: CLAIM.expiresAt + 1 },
    ];
    for (const claim of claims) {
      const forged = `${TOKEN_PREFIX}${encode(JSON.stringify(claim))}.${signature}`;
      expect(await verifyToken(forged, key)).toBeUndefined();
    }
    const other = await signToken({ ...CLAIM, variant: "control" }, key);
    const mixed = [token.split(".").slice(0, 2).join("."), other.split(".")[2]].join(".");
    expect(await verifyToken(mixed, key)).toBeUndefined();
  });

  it("means nothing where the signed payload is not a claim", async () => {
    const payloads = [
      "",
      "{}",
      "null",
      "no JSON",
      "[]",
      JSON.stringify({ ...CLAIM, expiresAt: "never" }),
      JSON.stringify({ ...CLAIM, expiresAt: null }),
      JSON.stringify({ route: CLAIM.route, variant: CLAIM.variant }),
    ];
    for (const payload of payloads) {
      const signed = TOKEN_PREFIX + encode(payload);
      const bytes = await crypto.subtle.sign("HMAC", key, Buffer.from(signed));
      const text = `${signed}.${Buffer.from(bytes).toString("base64url")}`;
      expect(await verifyToken(text, key)).toBeUndefined();
    }
  });

  it("has one spelling: the same bytes in other base64 are another text", async () => {
    const [, payload = "", signature = ""] = token.split(".");
    const last = signature.slice(-1);
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const neighbour = letters.charAt(letters.indexOf(last) ^ 1);
    const spellings = [
      `${TOKEN_PREFIX}${payload}.${signature.slice(0, -1)}${neighbour}`,
      `${TOKEN_PREFIX}${payload}.${signature}=`,
      `${TOKEN_PREFIX}${payload}==.${signature}`,
    ];
    // The first decodes to the very same bytes, which is why it has to be looked for.
    expect(Buffer.from(`${signature.slice(0, -1)}${neighbour}`, "base64url")).toEqual(
      Buffer.from(signature, "base64url"),
    );
    expect(await accepted(spellings)).toEqual([]);
  });

  it("is refused unread where it is too long", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    const long = `${TOKEN_PREFIX}${"A".repeat(MAX_TOKEN_CHARS)}.AAAA`;
    expect(await verifyToken(long, key)).toBeUndefined();
    expect(verify).not.toHaveBeenCalled();
    const longest = { route: "r".repeat(512), variant: "v".repeat(64), expiresAt: 9e15 };
    expect(await verifyToken(await signToken(longest, key), key)).toEqual(longest);
  });

  // How long a comparison takes cannot be measured through a network, nor reliably in a test. What can
  // be shown: the signature is compared by WebCrypto's verify, constant in time, and by nothing else.
  it("is compared by WebCrypto, whichever byte of the signature is wrong", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    const [head = "", payload = "", signature = ""] = token.split(".");
    for (let at = 0; at < signature.length - 1; at += 1) {
      const wrong = signature.charAt(at) === "A" ? "B" : "A";
      const changed = signature.slice(0, at) + wrong + signature.slice(at + 1);
      expect(await verifyToken(`${head}.${payload}.${changed}`, key)).toBeUndefined();
    }
    expect(verify).toHaveBeenCalledTimes(signature.length - 1);
    const asked = await Promise.all(verify.mock.results.map(({ value }) => value as unknown));
    expect(new Set(asked)).toEqual(new Set([false]));
  });
});
