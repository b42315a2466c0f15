import { diffVersions } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";

export type Diff = Awaited<ReturnType<typeof diffVersions>>;

/** Comparisons that are asked for at a time: each one is judged anew by the control plane. */
const AT_ONCE = 2;

/** Comparisons of a route, each asked for once: versions never change. */
export class Diffs {
  readonly #key: string;
  readonly #asked = new Map<string, Promise<Diff>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(key: string) {
    this.#key = key;
  }

  /** What differs between two versions, and who moved; 0 is before the first. */
  async between(from: number, to: number): Promise<Diff> {
    const name = `${from} ${to}`;
    const asked = this.#asked.get(name) ?? this.#ask(from, to);
    this.#asked.set(name, asked);
    // One that was not answered is asked for again the next time.
    asked.catch(() => this.#asked.delete(name));
    return asked;
  }

  async #ask(from: number, to: number): Promise<Diff> {
    if (this.#running >= AT_ONCE)
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    this.#running += 1;
    try {
      return await diffVersions(client, this.#key, { from, to });
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
