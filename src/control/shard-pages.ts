import type { StatusPage, Tagged } from "../report/answers.ts";
import type { ControlEnv } from "../config/control.ts";

/** What pages are kept of, all together (characters of JSON): a small part of what an isolate has. */
const MAX_PAGES_CHARS = 4_000_000;

/** A page of a shard, and the tag by which to ask whether it is still so. */
export interface TaggedPage {
  readonly tag: string | undefined;
  readonly page: StatusPage;
}

/** What is told of a shard: its page, or that it is as the caller knows it. */
export type ToldPage = TaggedPage | { readonly tag: string; readonly page: undefined };

interface Kept extends TaggedPage {
  readonly tag: string;
  readonly chars: number;
}

/** The newest pages of shards by what was asked, so that a page is read again only where something changed. */
export class ShardPages {
  readonly #most: number;
  #chars = 0;
  /** In the order in which they were last asked for. */
  readonly #kept = new Map<string, Kept>();

  constructor(most = MAX_PAGES_CHARS) {
    this.#most = most;
  }

  /** Asks a shard for what `name` stands for; `known` is a tag that the caller has the page of. */
  async ask(
    name: string,
    known: string | undefined,
    question: (tag: string | undefined) => Promise<Tagged<StatusPage>>,
  ): Promise<ToldPage> {
    const kept = this.#kept.get(name);
    const tag = kept?.tag ?? known;
    const told = await question(tag);
    if (!("unchanged" in told)) {
      const { tag: given, routes, upTo } = told;
      const page = { routes, upTo };
      this.#keep(name, given, page);
      return { tag: given, page };
    }
    if (tag === undefined) throw new Error("a shard left out a page that nobody has");
    if (kept === undefined) return { tag, page: undefined };
    this.#keep(name, tag, kept.page);
    return { tag, page: kept.page };
  }

  #keep(name: string, tag: string | undefined, page: StatusPage): void {
    this.#drop(name);
    if (tag === undefined) return;
    const chars = name.length + JSON.stringify(page).length;
    this.#kept.set(name, { tag, page, chars });
    this.#chars += chars;
    for (const oldest of this.#kept.keys()) {
      if (this.#chars <= this.#most) return;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    this.#chars -= this.#kept.get(name)?.chars ?? 0;
    this.#kept.delete(name);
  }
}

const known = new WeakMap<ControlEnv, ShardPages>();

/** The pages that this isolate has of the shards of an environment. */
export function pagesOf(env: ControlEnv): ShardPages {
  const pages = known.get(env) ?? new ShardPages();
  known.set(env, pages);
  return pages;
}
