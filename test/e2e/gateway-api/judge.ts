import type { Answer } from "./ask.ts";
import type { Received } from "./backends.ts";
import type { Case, Sample } from "./cases.ts";

type Expected = Case["expect"];

/** What became of one request. */
export interface Seen {
  readonly answer: Answer;
  /** What came to backends of it, copies included. */
  readonly arrivals: readonly Received[];
  /** What the visitor asked for, to resolve a relative `Location` against. */
  readonly url: string;
}

/** A list field's members (RFC 9110 §5.6.1). */
const membersOf = (value: string): string[] => value.split(",").map((member) => member.trim());

/** Whether two values of a field are the same list; those of CORS in any order and case. */
function isSameList(name: string, one: string, other: string): boolean {
  const isCors = name.toLowerCase().startsWith("access-control-");
  const [a, b] = [one, other].map((value) => {
    const members = membersOf(value);
    return isCors ? members.map((member) => member.toLowerCase()).toSorted() : members;
  });
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The statuses that fit: 408 and 504 stand for one another, and a connection that fails to the end is 502 here. */
function fittingStatuses({ status }: Expected, isReset: boolean): readonly number[] {
  const fitting = [...status];
  if (status.includes(408) || status.includes(504)) fitting.push(408, 504);
  if (isReset && (status.includes(500) || status.includes(503))) fitting.push(502);
  return fitting;
}

function* responseFaults({ response }: Expected, { headers }: Answer): Generator<string> {
  for (const [name, values] of Object.entries(response?.headers ?? {})) {
    const got = headers.get(name.toLowerCase());
    if (got === undefined || !values.some((value) => isSameList(name, value, got)))
      yield `the response's ${name} is ${got ?? "absent"}, not ${values.join(" or ")}`;
  }
  for (const name of response?.absentHeaders ?? []) {
    const got = headers.get(name.toLowerCase());
    if (got !== undefined) yield `the response has ${name}: ${got}`;
  }
}

/** The forms that a port has in a URL: a scheme's own is left out of it. */
function* locationFaults({ location }: Expected, { answer, url }: Seen): Generator<string> {
  if (location === undefined) return;
  const written = answer.headers.get("location");
  const got = written === undefined ? null : URL.parse(written, url);
  if (got === null) {
    yield `Location is ${written ?? "absent"}`;
    return;
  }
  const port = location.port === "default" ? "" : String(location.port);
  if (
    got.protocol !== `${location.scheme}:` ||
    (location.host !== undefined && got.hostname !== location.host) ||
    got.port !== port ||
    got.pathname !== location.path
  )
    yield `Location is ${written}, not ${JSON.stringify(location)}`;
}

function* forwardedFaults({ forwarded }: Expected, got: Received | undefined): Generator<string> {
  if (forwarded === undefined) return;
  if (got === undefined) {
    yield "nothing came to the backend that answered";
    return;
  }
  for (const name of ["method", "path", "host"] as const) {
    const wanted = forwarded[name];
    if (wanted !== undefined && got[name] !== wanted)
      yield `the backend got the ${name} ${got[name]}, not ${wanted}`;
  }
  for (const [name, value] of Object.entries(forwarded.headers ?? {})) {
    const field = got.headers[name.toLowerCase()];
    const came = Array.isArray(field) ? field.join(", ") : field;
    if (came === undefined || !isSameList(name, value, came))
      yield `the backend got ${name}: ${came ?? "absent"}, not ${value}`;
  }
  for (const name of forwarded.absentHeaders ?? []) {
    if (got.headers[name.toLowerCase()] !== undefined) yield `the backend got ${name}`;
  }
}

/** What of a request is not as the data expects; nothing where it holds. */
export function faultsOf({ expect, backendBehaviour }: Case, seen: Seen): string[] {
  const { answer, arrivals } = seen;
  const faults: string[] = [];
  const fitting = fittingStatuses(expect, backendBehaviour?.failWith === "reset");
  if (!fitting.includes(answer.status))
    faults.push(`the status is ${answer.status}, not ${expect.status.join(" or ")}`);
  const main = arrivals.filter(({ isCopy }) => !isCopy);
  if (expect.backend !== undefined) {
    const isRight =
      expect.backend === "*" ? answer.backend !== null : answer.backend === expect.backend;
    if (!isRight) faults.push(`${answer.backend ?? "the gateway"} answered`);
    // A backend that behaves as told was asked, whoever answers in the end.
    if (expect.backend === null && backendBehaviour === undefined && arrivals.length > 0)
      faults.push("a backend was asked for what the gateway answers");
  }
  if (expect.echo === true && answer.echoed !== true) faults.push("a frame did not come back");
  faults.push(
    ...responseFaults(expect, answer),
    ...locationFaults(expect, seen),
    ...forwardedFaults(
      expect,
      main.findLast(({ backend }) => backend === answer.backend),
    ),
  );
  return faults;
}

/** What of many requests is not as the sample says: who answered how many, and how many copies came. */
export function sampleFaults(sample: Sample, seen: readonly Seen[]): string[] {
  const faults: string[] = [];
  for (const [backend, share] of Object.entries(sample.shares ?? {})) {
    const count = seen.filter(({ answer }) => answer.backend === backend).length;
    if (Math.abs(count - share * seen.length) > (sample.tolerance ?? 0) * seen.length)
      faults.push(`${backend} answered ${count} of ${seen.length}, not ${share}`);
  }
  for (const { backend, percent } of sample.mirrors ?? []) {
    const share = percent / 100;
    const count = seen.filter(({ arrivals }) =>
      arrivals.some((one) => one.isCopy && one.backend === backend),
    ).length;
    const deviation = Math.sqrt(seen.length * share * (1 - share));
    const allowed = (sample.toleranceStandardDeviations ?? 0) * deviation;
    if (Math.abs(count - seen.length * share) > allowed)
      faults.push(`${backend} got ${count} copies of ${seen.length}, not ${percent} %`);
  }
  const field = sample.each?.forwardedHeaderNamesBackend.toLowerCase();
  if (field !== undefined) {
    const isNamed = (one: Seen) =>
      one.arrivals.every(({ backend, headers, isCopy }) => isCopy || headers[field] === backend);
    if (!seen.every(isNamed)) faults.push(`${field} does not name the backend that got it`);
  }
  return faults;
}
