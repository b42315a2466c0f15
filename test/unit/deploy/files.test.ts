import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { chooseKv, kvIdOf, withKvId, withoutPreviews } from "../../../.ci/deploy/files.ts";
import { FILES } from "../../../.ci/deploy/options.ts";
import { ROOT } from "../docs/markdown.ts";

const ID = "0123456789abcdef0123456789abcdef";
const OTHER = "f".repeat(32);

const TWO = `name = "x"
[[kv_namespaces]]
binding = "SESSIONS"
id = "${OTHER}"

[[kv_namespaces]] # the policies
# from the dashboard
binding = "ROUTING_CONFIG" # ours
preview_id = "keep"

[vars]
id = "not a namespace"
`;

describe("the KV id of a file", () => {
  test.each(Object.values(FILES))("is written into %s, and nothing else of it moves", (file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    expect(kvIdOf(text)).toBeUndefined();
    const changed = withKvId(text, ID);
    expect(kvIdOf(changed)).toBe(ID);
    expect(changed.replace(`\nid = "${ID}"`, "")).toBe(text);
    // Once more changes nothing, and another id takes the first one's place.
    expect(withKvId(changed, ID)).toBe(changed);
    expect(withKvId(changed, OTHER)).toBe(changed.replace(ID, OTHER));
  });

  test("is that of its own binding, among others, comments and look-alikes", () => {
    expect(kvIdOf(TWO)).toBeUndefined();
    const changed = withKvId(TWO, ID);
    expect(changed).toBe(
      TWO.replace('"ROUTING_CONFIG" # ours', `"ROUTING_CONFIG" # ours\nid = "${ID}"`),
    );
    expect(kvIdOf(changed)).toBe(ID);
  });

  test("that is empty is none, and takes the new one", () => {
    const empty = '[[kv_namespaces]]\nid = ""\nbinding = "ROUTING_CONFIG"\n';
    expect(kvIdOf(empty)).toBeUndefined();
    expect(withKvId(empty, ID)).toBe(empty.replace('""', `"${ID}"`));
  });

  test("has to have its place: a file without the binding is refused", () => {
    for (const work of [kvIdOf, (text: string) => withKvId(text, ID)])
      expect(() => work('name = "x"\n')).toThrow('binding = "ROUTING_CONFIG"');
  });
});

describe("previews", () => {
  test("stay off where they are", () => {
    for (const file of Object.values(FILES)) {
      const text = readFileSync(join(ROOT, file), "utf8");
      expect(withoutPreviews(text)).toBe(text);
    }
  });

  test("are switched off where they are on, or not spoken of", () => {
    expect(withoutPreviews('name = "x"\npreview_urls = true # for now\n\n[vars]\nA = "1"\n')).toBe(
      'name = "x"\npreview_urls = false\n\n[vars]\nA = "1"\n',
    );
    expect(withoutPreviews('name = "x"\n')).toBe('preview_urls = false\nname = "x"\n');
    // A var of that name is not a setting of the Worker.
    const vars = '[vars]\npreview_urls = "yes"\n';
    expect(withoutPreviews(vars)).toBe(`preview_urls = false\n${vars}`);
  });
});

describe("the namespace", () => {
  const named = (control?: string, gateway?: string) =>
    new Map([
      [FILES.control, control],
      [FILES.gateway, gateway],
    ]);

  test("is the one that is asked for, else the one that the files name", () => {
    expect(chooseKv(ID, named(OTHER, OTHER))).toEqual({ id: ID });
    expect(chooseKv(undefined, named(ID, ID))).toEqual({ id: ID });
    expect(chooseKv(undefined, named(undefined, ID))).toEqual({ id: ID });
    expect(chooseKv(undefined, named(ID))).toEqual({ id: ID });
    expect(chooseKv(undefined, named())).toEqual({ none: true });
  });

  test("is not guessed between two, and has the form of one", () => {
    expect(chooseKv(undefined, named(ID, OTHER))).toEqual({
      wrong: expect.stringMatching(`${ID}.*${OTHER}.*--kv ID`) as string,
    });
    for (const id of ["x", `${ID}0`, ID.slice(1), ID.toUpperCase(), ""])
      expect(chooseKv(id, named(ID, ID))).toHaveProperty("wrong");
  });
});
