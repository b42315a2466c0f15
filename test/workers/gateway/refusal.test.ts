import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { MAX_TEXT_CHARS } from "../../../src/policy/limits.ts";
import { HOSTILE } from "../../support/hostile-policies.ts";
import { put, single, world } from "./world.ts";

/** A policy's text with as many faults of a kind as one text has room for. */
function largest(make: (count: number) => unknown): string {
  // Names that are counted are longer where there are more of them.
  const sample = 200_000;
  const each = JSON.stringify(make(sample)).length / sample;
  const text = JSON.stringify(make(Math.floor((MAX_TEXT_CHARS / each) * 0.95)));
  if (text.length > MAX_TEXT_CHARS) throw new Error("more than a policy may have");
  return text.padEnd(MAX_TEXT_CHARS);
}

/** The kinds that take longest to refuse, text for text. */
const DEAREST = ["unknown fields", "policies that are numbers", "conditions that are numbers"];

/** What a refusal may take over what KV takes to give the text as JSON: three to five times are measured. */
const MAX_OVER_READING = 15;

/** How long something takes (ms). The clock of the runtime moves with I/O alone. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  await scheduler.wait(1);
  const begin = Date.now();
  await work();
  await scheduler.wait(1);
  return Date.now() - begin;
}

it.each(DEAREST)("4 MB of %s are refused, and other routes serve meanwhile", async (name) => {
  const make = HOSTILE[name];
  if (make === undefined) throw new Error(`nothing hostile is called "${name}"`);
  await env.ROUTING_CONFIG.put("bad.example.com", largest(make));
  await put("good.example.com", single("one.example.com"));
  const { visit } = world();
  await visit("https://good.example.com/");

  const reading = await timed(async () => env.ROUTING_CONFIG.get("bad.example.com", "json"));
  const answered: string[] = [];
  const ask = async (host: string) => {
    const { code } = await visit(`https://${host}/`);
    answered.push(code);
  };
  const refusing = await timed(async () =>
    Promise.all([ask("bad.example.com"), ask("good.example.com"), ask("good.example.com")]),
  );
  expect(answered).toEqual(["one.example.com", "one.example.com", "policy-invalid"]);
  expect(refusing).toBeLessThan(MAX_OVER_READING * reading);
});
