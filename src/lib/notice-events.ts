/** What receivers of notices are told of: the words of `events` in the secret WEBHOOKS. */
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
