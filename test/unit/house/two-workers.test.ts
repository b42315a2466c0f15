import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadedFrom, SRC } from "./loaded.ts";

const roomsOf = (files: ReadonlySet<string>) =>
  new Set([...files].map((file) => file.split("/")[0] ?? ""));

test("the gateway loads no code that edits, and none that reads a token of the control plane", () => {
  const loaded = loadedFrom("index.ts");
  const rooms = roomsOf(loaded);
  for (const room of ["control", "ledger", "hub", "api", "preview", "import", "cli", "demo"])
    expect(rooms).not.toContain(room);
  const readers = [...loaded].filter((file) =>
    readFileSync(join(SRC, file), "utf8").includes("ADMIN_"),
  );
  expect(readers).toEqual([]);
});

test("the control plane loads no code that proxies", () => {
  const loaded = loadedFrom("control/index.ts");
  expect(loaded).toContain("config/admin.ts");
  expect(roomsOf(loaded)).not.toContain("gateway");
  const fetching = [...loaded].filter((file) =>
    /(?<![.\w])fetch\(/.test(readFileSync(join(SRC, file), "utf8")),
  );
  // To the receivers of notices alone, which a secret names.
  expect(fetching).toEqual(["hub/notify/send.ts"]);
});
