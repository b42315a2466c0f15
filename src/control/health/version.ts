import type { Health } from "../../api/health-form.ts";
import { compareReleases, RELEASE } from "../../lib/release.ts";
import type { GatewayCount } from "../../report/answers.ts";

type Part = Health["parts"]["version"];

/** Gateways with the same release and the same version of the Worker, as one. */
function together(gateways: readonly GatewayCount[]): GatewayCount[] {
  const counts = new Map<string, GatewayCount>();
  for (const { release, worker, isolates } of gateways) {
    const id = JSON.stringify([release, worker]);
    counts.set(id, { release, worker, isolates: isolates + (counts.get(id)?.isolates ?? 0) });
  }
  return [...counts.values()].toSorted(
    (a, b) => b.isolates - a.isolates || (compareReleases(b.release, a.release) ?? 0),
  );
}

function wordsOf(serving: NonNullable<Part["serving"]>): string {
  if (serving.length === 0) return "no gateway has said lately which release it is";
  const others = serving.filter(({ release }) => release !== RELEASE);
  if (others.length === 0)
    return serving.length === 1
      ? "the gateway is of the same release"
      : `the gateway is of the same release, in ${serving.length} versions of its Worker`;
  const releases = [...new Set(others.map(({ release }) => release))].toSorted().join(", ");
  return `the gateway is of release ${releases}: deploy both Workers`;
}

/** Of which release both Workers are; `gateways` is what shards have counted, `worker` the version of this one. */
export function versionPart(worker: string | undefined, gateways: readonly GatewayCount[]): Part {
  const counts = together(gateways);
  const all = counts.reduce((sum, { isolates }) => sum + isolates, 0);
  const serving = counts.map((one) => ({
    release: one.release,
    worker: one.worker === "" ? null : one.worker,
    share: one.isolates / all,
  }));
  const releases = [...new Set(serving.map(({ release }) => release))].toSorted();
  return {
    status: releases.every((release) => release === RELEASE) ? "ok" : "warn",
    words: wordsOf(serving),
    control: RELEASE,
    worker: worker ?? null,
    gateways: releases,
    serving,
  };
}
