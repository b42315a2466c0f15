import { PassThrough } from "node:stream";

import { expect, test } from "vitest";

import { askPlace } from "../../../.ci/deploy/ask.ts";

async function asked(typed: string) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.end(typed);
  const place = await askPlace(input, output);
  return { place, said: String(output.read()) };
}

test.each([
  ["weur\n", "weur"],
  ["\n", ""],
  [" sam \n", "sam"],
  // Nobody is there any more.
  ["", ""],
])("%j at the question is the place %j", async (typed, place) => {
  expect(await asked(typed)).toMatchObject({ place });
});

test("what is not a place is asked again", async () => {
  const { place, said } = await asked("europe\nweur\n");
  expect(place).toBe("weur");
  expect(said).toContain('"europe" is not one of them.');
});
