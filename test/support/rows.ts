import { DatabaseSync } from "node:sqlite";

/** Columns of a data set of Analytics Engine. */
const BLOBS = 20;
const DOUBLES = 20;

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);

const COLUMNS = [
  "timestamp",
  "_sample_interval",
  "index1",
  ...numbered("blob", BLOBS),
  ...numbered("double", DOUBLES),
];

/** What SQLite says in other words than Analytics Engine; all else of a statement stays as it is. */
const TRANSLATIONS: readonly (readonly [RegExp, string])[] = [
  // An aggregate with a parameter of its own: a function of the parameter and of all values with their weights.
  [
    /\bquantileExactWeighted\(([\d.]+)\)\((\w+), (\w+)\)/gi,
    "quantile_exact_weighted($1, json_group_array(json_array($2, $3)))",
  ],
  // Times are seconds since the epoch here.
  [/\bNOW\(\)/gi, "$now"],
  [/\bINTERVAL '(\d+)' MINUTE\b/gi, "($1 * 60)"],
  [/\bINTERVAL '(\d+)' HOUR\b/gi, "($1 * 3600)"],
  [/\bINTERVAL '(\d+)' DAY\b/gi, "($1 * 86400)"],
];

/** The least value at or below which the level's share of the weight lies, as ClickHouse has it. */
function quantile(
  level: number,
  values: readonly (readonly [value: number, weight: number])[],
): number | null {
  const total = values.reduce((sum, [, weight]) => sum + weight, 0);
  let sum = 0;
  for (const [value, weight] of values.toSorted(([a], [b]) => a - b)) {
    sum += weight;
    if (sum >= level * total) return value;
  }
  return null;
}

/** A data set of Analytics Engine in memory: takes the gateway's rows, and statements of its SQL. */
export class Rows {
  readonly #database = new DatabaseSync(":memory:");
  readonly #dataset: string;

  constructor(dataset: string) {
    this.#dataset = dataset;
    this.#database.exec(`CREATE TABLE ${dataset} (${COLUMNS.join(", ")})`);
    this.#database.function("quantile_exact_weighted", (level, values) =>
      quantile(Number(level), JSON.parse(String(values)) as [value: number, weight: number][]),
    );
  }

  /** Keeps a row that stands for `interval` of its kind; `at` in seconds since the epoch. Absent columns are empty, as the platform's are. */
  write(
    { indexes = [], blobs = [], doubles = [] }: AnalyticsEngineDataPoint,
    at: number,
    interval = 1,
  ): void {
    const filled = <T>(values: readonly T[], count: number, empty: T): T[] =>
      Array.from({ length: count }, (_, index) => values[index] ?? empty);
    const texts = filled([...indexes, ...filled(blobs, BLOBS, "")].map(String), BLOBS + 1, "");
    const marks = COLUMNS.map(() => "?").join(", ");
    this.#database
      .prepare(`INSERT INTO ${this.#dataset} VALUES (${marks})`)
      .run(at, interval, ...texts, ...filled(doubles, DOUBLES, 0));
  }

  /** What a statement of Analytics Engine's SQL gives at a time (seconds since the epoch). */
  query(statement: string, now: number): Record<string, unknown>[] {
    let text = statement;
    for (const [words, own] of TRANSLATIONS) text = text.replaceAll(words, own);
    const prepared = this.#database.prepare(text);
    const rows = text.includes("$now") ? prepared.all({ now }) : prepared.all();
    return rows.map((row) => ({ ...row }));
  }
}
