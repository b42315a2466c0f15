import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { MAX_TOKEN_CHARS, signToken, tokenKey, verifyToken } from "../../../src/override/token.ts";
import { blocksOf, grouped, page } from "./markdown.ts";

const reference = page("docs/control-api.md");
const SECRET = "a secret that only tests know";
const [block] = blocksOf(reference, "json vector");
const vector = JSON.parse(block?.text ?? "") as { payload: string; token: string };

test("the vector of a QA link is made as the page says, by other means than ours", () => {
  const signed = `sy1.${Buffer.from(vector.payload).toString("base64url")}`;
  const signature = createHmac("sha256", SECRET).update(signed).digest("base64url");
  expect(`${signed}.${signature}`).toBe(vector.token);
  expect(reference.text).toContain(`A token has ${grouped(MAX_TOKEN_CHARS)} characters at most`);
});

test("the vector of a QA link is what the gateway makes and takes", async () => {
  const key = await tokenKey(SECRET);
  const claim = await verifyToken(vector.token, key);
  expect(claim).toEqual(JSON.parse(vector.payload));
  expect(claim && (await signToken(claim, key))).toBe(vector.token);
});
