import type { NoticeEvent } from "../../lib/notice-events.ts";

/** Something that a person may want to hear of at once. */
export interface Notice {
  readonly event: NoticeEvent;
  readonly route: string;
  readonly experiment?: string;
  /** ms since the epoch. */
  readonly at: number;
  /** One or two sentences: what happened, and by what figures. */
  readonly words: string;
  readonly version?: number;
}

/** Where notices go. */
export interface Notices {
  /** Takes a notice for the receivers that a guard names, and for those that hear of the route anyway. Inside a transaction. */
  readonly add: (notice: Notice, receivers: readonly string[]) => void;
}

/** Nobody is told. */
export const NOBODY: Notices = { add: () => {} };
