import { isDeepStrictEqual } from "node:util";

import { gatewayWith, type Answer, type Asked } from "./asked.ts";

type Expected<T> = Readonly<Record<string, T>>;

/** What a probe of `test/vectors/gateway-api` expects; its README says what each part means. */
export interface Probe {
  readonly request: Asked;
  readonly expect: {
    readonly origin?: string;
    readonly path?: string;
    readonly status?: number;
    readonly location?: string;
    readonly shares?: Expected<number>;
    readonly copies?: Expected<number>;
    readonly requestHeaders?: Expected<string | string[] | null>;
    readonly responseHeaders?: Expected<string | string[] | null>;
    readonly requestHeadersAt?: Expected<Expected<string | string[] | null>>;
    readonly responseHeadersAt?: Expected<Expected<string | string[] | null>>;
    readonly setsCookie?: string | null;
  };
}

/** Requests behind a share: its standard deviation is 1.3 percent at most. */
const SAMPLE = 1500;

/** How far a share may be off, in standard deviations: chance meets it once in 15 million. */
const TOLERANCE = 5.3;

/** A header's value as the list it stands for. */
const listOf = (value: string): string[] => value.split(",").map((one) => one.trim());

function* headerFaults(
  got: Headers | undefined,
  wanted: Expected<string | string[] | null> = {},
): Generator<string> {
  for (const [name, values] of Object.entries(wanted)) {
    const value = got?.get(name) ?? null;
    const fits =
      values === null
        ? value === null
        : [values].flat().some((one) => isDeepStrictEqual(listOf(one), listOf(value ?? "")));
    if (!fits) yield `${name} is ${value}, not ${JSON.stringify(values)}`;
  }
}

function* shareFaults(
  count: ReadonlyMap<string, number>,
  wanted: Expected<number>,
): Generator<string> {
  for (const origin of count.keys()) if (!(origin in wanted)) yield `${origin} has a share`;
  for (const [origin, share] of Object.entries(wanted)) {
    const deviation = Math.sqrt((share * (1 - share)) / SAMPLE);
    const got = (count.get(origin) ?? 0) / SAMPLE;
    if (Math.abs(got - share) > TOLERANCE * deviation)
      yield `${origin} has a share of ${got}, not ${share}`;
  }
}

function* answerFaults(answer: Answer, { request, expect: wanted }: Probe): Generator<string> {
  const { status, forwarded, headers } = answer;
  const location = headers.get("location");
  const path = wanted.path ?? request.path;
  if (wanted.origin !== undefined && forwarded?.origin !== wanted.origin)
    yield `the origin is ${forwarded?.origin}, not ${wanted.origin}`;
  if (wanted.origin !== undefined && forwarded?.path !== path)
    yield `the path is ${forwarded?.path}, not ${path}`;
  if (wanted.status !== undefined && status !== wanted.status)
    yield `the status is ${status}, not ${wanted.status}`;
  if (wanted.location !== undefined && location !== wanted.location)
    yield `it leads to ${location}, not ${wanted.location}`;
  yield* headerFaults(forwarded?.headers, wanted.requestHeaders);
  yield* headerFaults(headers, wanted.responseHeaders);
  const origin = forwarded?.origin ?? "";
  yield* headerFaults(forwarded?.headers, wanted.requestHeadersAt?.[origin]);
  yield* headerFaults(headers, wanted.responseHeadersAt?.[origin]);
  const cookies = headers.getSetCookie().map((one) => one.split("=", 1)[0]);
  if (wanted.setsCookie === null && cookies.length > 0) yield `it sets ${cookies.join()}`;
  if (typeof wanted.setsCookie === "string" && !cookies.includes(wanted.setsCookie))
    yield `it sets ${cookies.join()}, not ${wanted.setsCookie}`;
}

/** Sends a probe through the data plane, as often as its shares ask for. Gives what differs from what it expects, each once. */
export async function faultsOf(
  policies: Readonly<Record<string, unknown>>,
  probe: Probe,
): Promise<string[]> {
  const ask = gatewayWith(policies);
  const { shares, copies } = probe.expect;
  const times = shares === undefined && copies === undefined ? 1 : SAMPLE;
  const served = new Map<string, number>();
  const copied = new Map<string, number>();
  const faults = new Set<string>();
  const add = (counts: Map<string, number>, origin: string) =>
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  for (let i = 0; i < times; i += 1) {
    const answer = await ask(probe.request);
    for (const fault of answerFaults(answer, probe)) faults.add(fault);
    add(served, answer.forwarded?.origin ?? `the gateway, with ${answer.status},`);
    for (const copy of answer.copies) add(copied, copy.origin);
  }
  const all = [
    ...(shares === undefined ? [] : shareFaults(served, shares)),
    ...(copies === undefined ? [] : shareFaults(copied, copies)),
  ];
  return [...faults, ...all];
}
