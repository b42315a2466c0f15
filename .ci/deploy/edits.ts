/** What a deployment writes into the files before it uploads anything. */
import { withEnvironment } from "./environment.ts";
import { withKvId, withoutPreviews } from "./files.ts";
import { FILES, type Deployment, type WorkerName } from "./options.ts";
import { varIn, withVar } from "./toml.ts";

/** The text of each Worker's file. */
export type Texts = Readonly<Record<WorkerName, string>>;

/** What the free plan has room for: a hundred thousand object requests a day, of which reports take a quarter. */
const FREE = { HUB_DAILY_REPORTS: 25_000, REPORT_INTERVAL_SECONDS: 60 } as const;

/** The files with what was asked for that is known without asking anybody. */
export function prepared({ control, gateway }: Texts, { env, isFree }: Deployment): Texts {
  const own = (text: string) =>
    withoutPreviews(env === undefined ? text : withEnvironment(text, env));
  const texts = { control: own(control), gateway: own(gateway) };
  if (!isFree) return texts;
  return {
    control: withVar(texts.control, env, "HUB_DAILY_REPORTS", FREE.HUB_DAILY_REPORTS),
    gateway: withVar(texts.gateway, env, "REPORT_INTERVAL_SECONDS", FREE.REPORT_INTERVAL_SECONDS),
  };
}

/** The files with this namespace. */
export const bound = ({ control, gateway }: Texts, id: string, env: string | undefined): Texts => ({
  control: withKvId(control, id, env),
  gateway: withKvId(gateway, id, env),
});

/** Whether it is said where the hub is made, be it that nothing is wanted. */
export const isPlaced = ({ control }: Texts, env: string | undefined): boolean =>
  ["HUB_LOCATION", "HUB_JURISDICTION"].some((name) => varIn(control, env, name) !== undefined);

/** The files with the place where the hub is made; empty for any. */
export const placed = (texts: Texts, location: string, env: string | undefined): Texts => ({
  ...texts,
  control: withVar(texts.control, env, "HUB_LOCATION", location),
});

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim());

/** What is new in a file, line by line, for a deployment that only says what it would do. */
export function newLines(name: WorkerName, before: Texts, after: Texts): string[] {
  const old = new Set(linesOf(before[name]));
  return linesOf(after[name])
    .filter((line) => line !== "" && !old.has(line))
    .map((line) => `${FILES[name]}: would get ${line}`);
}
