import { resolve } from "node:path";

import type { Client } from "../../api/client/ask.ts";
import { findRoute, pagesOfRoutes, type Narrowed } from "../../api/client/reads.ts";
import { exportHttpRoutes, type ExportedRoute } from "../../import/to-http-route/export.ts";
import { EXIT } from "../failure.ts";
import { writePrivate } from "../files/write.ts";
import { note, print, type Io } from "../io.ts";
import { style } from "../text/style.ts";
import { jsonText } from "../text/plain.ts";
import { yamlText } from "../text/yaml-text.ts";

/** Where the parts of an export go: the manifests (stdout where no file is named), and the origins of their Services. */
interface Files {
  readonly manifests: string | undefined;
  readonly backends: string | undefined;
}

async function routesOf(client: Client, narrowed: Narrowed): Promise<ExportedRoute[]> {
  const routes: ExportedRoute[] = [];
  for await (const page of pagesOfRoutes(client, narrowed)) {
    for (const { key } of page.routes) {
      const route = await findRoute(client, key);
      if (route?.policy != null) routes.push({ key, policy: route.policy });
    }
  }
  return routes;
}

/** Writes routes as HTTPRoutes, a stream of YAML, and tells what cannot be said; gives the exit code. */
export async function exportManifests(
  io: Io,
  client: Client,
  narrowed: Narrowed,
  files: Files,
): Promise<number> {
  const { manifests, backends, reports } = exportHttpRoutes(await routesOf(client, narrowed));
  for (const { level, object, field, message } of reports) {
    const sign = style(io, level === "error" ? "red" : "yellow", `${level}:`);
    note(io, `${object}: ${sign} ${field === "" ? "" : `${field} `}${message}`);
  }
  const text = manifests.map((one) => yamlText(one)).join("---\n");
  if (files.manifests === undefined || files.manifests === "-") io.stdout.write(text);
  else await writePrivate(resolve(io.cwd, files.manifests), text);
  if (files.backends !== undefined)
    await writePrivate(resolve(io.cwd, files.backends), `${jsonText(backends, 2)}\n`);
  if (files.manifests !== undefined) print(io, `${manifests.length} HTTPRoutes written`);
  return reports.some(({ level }) => level === "error") ? EXIT.failed : EXIT.ok;
}
