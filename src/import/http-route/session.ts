import { MAX_TTL_SECONDS } from "../../policy/limits.ts";
import { readDuration } from "../duration.ts";
import type { Place } from "../place.ts";

const MS_PER_SECOND = 1000;

function readLife(place: Place): number | undefined {
  const ms = readDuration(place);
  if (ms === undefined) return undefined;
  const seconds = ms / MS_PER_SECOND;
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_TTL_SECONDS) return seconds;
  return place.error(`must be whole seconds from 1 to ${MAX_TTL_SECONDS}`);
}

/** A `sessionPersistence` as `sticky` of a policy: by cookie, pinned. */
export function readSession(place: Place): Readonly<Record<string, unknown>> | undefined {
  const fields = place.fields([
    "sessionName",
    "absoluteTimeout",
    "idleTimeout",
    "type",
    "cookieConfig",
  ]);
  if (fields === undefined) return undefined;
  const type = fields.get("type");
  if (type?.value === "Header")
    type.error("cannot be said in a policy: pins are kept in a cookie alone");
  else type?.word(["Cookie"]);
  fields
    .get("idleTimeout")
    ?.error("cannot be said in a policy: a pin lives from when it was made; use absoluteTimeout");
  const lifetime = fields.get("cookieConfig")?.fields(["lifetimeType"])?.get("lifetimeType");
  if (lifetime?.word(["Permanent", "Session"]) === "Session")
    lifetime.warning("is lost: the cookie outlives the browser's session");
  const life = fields.get("absoluteTimeout");
  const ttlSeconds = life && readLife(life);
  const name = fields.get("sessionName")?.text();
  const cookie = {
    ...(name === undefined ? {} : { name }),
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  };
  return {
    by: ["cookie"],
    mode: "pin",
    ...(Object.keys(cookie).length === 0 ? {} : { cookie }),
  };
}
