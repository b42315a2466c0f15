import { edgeCode, edgeStatus } from "../../lib/cloudflare-errors.ts";
import { edgeCodeIn } from "../../lib/edge-code.ts";
import { frontPage } from "../access/front-page.ts";
import { isLoopback } from "../access/gateway-url.ts";
import { reasonOf } from "../failure.ts";
import { hint, well, wrong, type Finding } from "./finding.ts";
import { askPage, type Asked } from "./network.ts";

/** Pages that are asked for: a few tell whether the gateway is there. */
const MAX_PAGES = 3;

/** Sources of a policy that are the last resort: KV and the hub both failed. */
const LAST_RESORTS = ["colo", "snapshot"];

/** What an answer of the gateway means. */
export function pageFinding(url: string, { status, servedBy, source, text }: Asked): Finding {
  const code = edgeCodeIn(text);
  const error = (code === undefined ? undefined : edgeCode(code)) ?? edgeStatus(status);
  const told = code === undefined ? String(status) : `${status}, error ${code}`;
  if (error !== undefined && status >= 400)
    return wrong("gateway", `${url} answers ${told}: ${error.what}`, error.fix);
  if (source !== undefined && LAST_RESORTS.includes(source))
    return wrong(
      "gateway",
      `${url} is served by a policy out of the ${source}: KV and the hub both fail there`,
      "see the gateway's log (npx wrangler tail switchyard-gateway), and cloudflarestatus.com",
    );
  if (status >= 500)
    return wrong(
      "gateway",
      `${url} answers ${status}`,
      `see why with sy explain ${url}, and the gateway's log (npx wrangler tail switchyard-gateway)`,
    );
  if (source === undefined && servedBy === undefined)
    return hint(
      "gateway",
      `${url} answers ${status}, and nothing says that it is the gateway`,
      'give the host to the gateway (routes in wrangler.toml); where EXPOSE_DECISION is "false" it never says so',
    );
  return well("gateway", `${url} answers ${status}, with a policy out of ${source ?? "nowhere"}`);
}

/** Where a page of this machine's gateway is asked for; a name below localhost is this machine, whether its resolver knows that or not. */
function addressOf(control: string): string | undefined {
  if (!isLoopback(control)) return undefined;
  const { hostname } = new URL(control);
  return /^\[?[\d.:]+\]?$/.test(hostname) ? hostname.replaceAll(/[[\]]/g, "") : "127.0.0.1";
}

/** Asks the gateway for a few front pages, or for the one page that is named. */
export async function gatewayFindings(
  keys: readonly string[],
  control: string,
  named: string | undefined,
): Promise<Finding[]> {
  const fronts = keys.flatMap((key) => frontPage(key, control) ?? []).slice(0, MAX_PAGES);
  const pages = named === undefined ? fronts : [named];
  if (pages.length === 0)
    return [
      hint(
        "gateway",
        "no route is for one host, so it is not known where the gateway answers",
        "name a page of it: --gateway https://shop.example.com/",
      ),
    ];
  return Promise.all(
    pages.map(async (page) => {
      const address = addressOf(named === undefined ? control : page);
      try {
        return pageFinding(page, await askPage(new URL(page), { address }));
      } catch (error) {
        return wrong(
          "gateway",
          `${page} cannot be reached: ${reasonOf(error)}`,
          "check the DNS record of the host, its route in wrangler.toml, and that the gateway is deployed",
        );
      }
    }),
  );
}
