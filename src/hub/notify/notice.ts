/** What receivers are told of. */
export const NOTICE_EVENTS = [
  "guard-acted",
  "guard-alerted",
  "guard-granted",
  "guard-refused",
  "srm-alert",
  "edit",
  "drift",
  "publish-failed",
  "ramp-abandoned",
  "lease-expired",
] as const;

export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

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
