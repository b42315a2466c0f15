/** One thing that an import has to tell of an object of its input. */
export interface Report {
  /** `error`: the object is refused whole. `warning`: it is imported, and this is lost. */
  readonly level: "error" | "warning";
  /** Kind, namespace and name: `HTTPRoute default/shop`. */
  readonly object: string;
  /** Where it stands in the object: `spec.rules[1].filters[0].extensionRef`. */
  readonly field: string;
  /** What is wrong or lost, and what to do. */
  readonly message: string;
}

/** A report with its place in the input. */
export interface LocatedReport extends Report {
  /** Which document of the input the object stands in, from 0. */
  readonly document: number;
  /** Where in that document, as a JSON path. */
  readonly path: string;
}

/** What is told of one object, in the order in which it was found. */
export class ObjectReports {
  readonly object: string;
  readonly #document: number;
  /** Where the object stands in its document: `$`, or an item of a list. */
  readonly #root: string;
  readonly #reports: LocatedReport[] = [];
  readonly #told = new Set<string>();
  #isRefused = false;

  constructor(object: string, document: number, root: string = "$") {
    this.object = object;
    this.#document = document;
    this.#root = root;
  }

  get reports(): readonly LocatedReport[] {
    return this.#reports;
  }

  /** Whether an error was told, so that nothing of the object may be used. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Takes a report; the same one told twice is one. */
  tell(level: Report["level"], field: string, message: string): void {
    if (level === "error") this.#isRefused = true;
    const key = `${level} ${field} ${message}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const path = field === "" || field.startsWith("[") ? field : `.${field}`;
    this.#reports.push({
      level,
      object: this.object,
      field,
      message,
      document: this.#document,
      path: this.#root + path,
    });
  }
}
