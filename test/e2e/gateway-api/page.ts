import type { Cases, Test } from "./cases.ts";

/** What became of a test when it was run. */
export type Verdict =
  | { readonly kind: "holds" }
  /** The importer refused the routes, and gave these reasons. */
  | { readonly kind: "refused"; readonly why: readonly string[] }
  | { readonly kind: "fails"; readonly faults: readonly string[] };

export interface Judged {
  readonly test: Test;
  readonly verdict: Verdict;
}

function resultOf({ kind, ...rest }: Verdict): string {
  if (kind === "holds") return "holds";
  if (kind === "refused" && "why" in rest) return `refused on purpose: ${rest.why.join("; ")}`;
  return "**fails**";
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [row(header), row(header.map(() => "---")), ...rows.map(row)].join("\n");
}

const fileOf = (upstream: string): string => upstream.split("/").at(-1) ?? upstream;

function requestsIn(judged: readonly Judged[]): number {
  return judged.reduce((sum, { test }) => sum + test.requests.length, 0);
}

const results = (judged: readonly Judged[]): string =>
  table(
    ["test", "about", "requests", "result"],
    judged.map(({ test, verdict }) => [
      `\`${test.name}\``,
      test.features.join(", "),
      test.requests.length,
      resultOf(verdict),
    ]),
  );

const INTRODUCTION = `# Gateway API

An HTTPRoute of the Kubernetes [Gateway API](https://gateway-api.sigs.k8s.io/) becomes a policy by \`sy import\`. How much of what an HTTPRoute says survives that is measured with the API's own conformance suite: its manifests and the answers it expects, as data. A test imports each manifest, hands the policies to the real gateway in workerd, sends the requests over real sockets, and holds what the visitor and the backends got against what the suite expects. It also makes this page, and fails where the page says anything else than what came out.`;

const NOTES = `## What differs

- **Redirects with a status alone.** Without scheme, host, port or path a redirect leads straight back to where it came from, which no browser follows to an end. A policy cannot say it, and \`sy import\` refuses it by its field.
- **CORS that allows \`*\` together with credentials**, **a share of requests that ends in a 500 because one of several backends is missing**, and **a redirect on one of several backends** cannot be said either, and are refused the same way.
- **A backend that does not exist** is a 500 where the file of origins says so, by \`null\`: here an import cannot look into a cluster, and takes a name without an origin for one that was forgotten, which is an error.
- **A connection that fails to the end** is a 502 here, as RFC 9110 §15.6.3 has it. The suite takes 500 or 503.
- **A time-out** is a 504. The suite takes 408 for the same, and so does the test.
- **Retries have a budget**: a fifth of a route's requests, at least three a second. The suite makes almost nothing but requests that are retried, so the test first sends the route ordinary ones.`;

/** docs/gateway-api.md: test by test what holds, what is refused, and what has no meaning here. */
export function pageOf(
  { source, skipped }: Cases,
  judged: readonly Judged[],
  own: readonly Judged[],
): string {
  const holding = judged.filter(({ verdict }) => verdict.kind === "holds");
  const refused = judged.filter(({ verdict }) => verdict.kind === "refused");
  const failing = judged.length - holding.length - refused.length;
  const totals = table(
    ["", "tests", "requests"],
    [
      ["hold", holding.length, requestsIn(holding)],
      ["refused on purpose", refused.length, requestsIn(refused)],
      ...(failing === 0 ? [] : [["**fail**", failing, ""]]),
      ["run", judged.length, requestsIn(judged)],
      ["not applicable, so not run", skipped.length, ""],
    ],
  );
  return `${INTRODUCTION}

The data is a selection of [\`${source.path}\`](${source.repository}/tree/${source.commit}/${source.path}) at commit \`${source.commit.slice(0, 12)}\` (${source.licence}), in [\`test/vectors/gateway-api\`](../test/vectors/gateway-api/README.md). What is not in these tables was not run.

${totals}

## Test by test

\`npm run test:e2e -- test/e2e/gateway-api\` runs them.

${results(judged)}

Beside these there are some of our own in the same form, of what it can say and none of the above does:

${results(own)}

${NOTES}

## Not applicable

Tests of the suite without a meaning for a gateway at the edge. gRPC, TCP, UDP and TLS routes and the mesh profile are other suites.

${table(
  ["test", "why"],
  skipped.map(({ upstream, why }) => [`\`${fileOf(upstream)}\``, why]),
)}
`;
}
