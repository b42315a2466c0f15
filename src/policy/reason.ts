/** Why a visitor got their variant; the order is the order of decision. */
export const REASONS = [
  "forced",
  "bot",
  "no-consent",
  "override",
  "rule",
  "draining",
  "pinned",
  "not-covered",
  "split",
  "ramp",
  "lease-expired",
  "active",
  "only",
] as const;

export type Reason = (typeof REASONS)[number];

/** Whether a variant was drawn, now or for a pin. */
export const isDraw = (reason: Reason): boolean =>
  reason === "split" || reason === "ramp" || reason === "pinned";

/** Why an override that the request carried was not followed. */
export type OverrideFault =
  | "expired"
  | "forged"
  | "other-route"
  | "other-environment"
  | "unknown-variant"
  | "switched-off"
  | "no-secret";

/** One line for a header or a log: `split`, or `split; override=expired` where one was ignored. */
export function renderReason(reason: Reason, ignored: OverrideFault | undefined): string {
  return ignored === undefined ? reason : `${reason}; override=${ignored}`;
}

const WORDS: Readonly<Record<Reason, string>> = {
  forced: "the policy forces this variant for everybody",
  bot: "a declared crawler, and the policy says where those go",
  "no-consent": "the consent cookie is absent, so the default variant serves",
  override: "a QA link or header asks for this variant",
  rule: "a rule of the policy matched",
  "not-covered": "outside the share or group of the experiment, so the default variant serves",
  pinned: "the visitor's cookie remembers this variant",
  split: "the visitor's hash falls to this variant",
  ramp: "the visitor's hash against the ramp's percent at this time",
  "lease-expired": "the canary's lease has lapsed, so the stable variant serves",
  active: "the active colour",
  draining: "the visitor was here before the cut-over, and the drain lasts",
  only: "the policy has one origin",
};

/** The reason in words, for `explain`. */
export function describeReason(reason: Reason): string {
  return WORDS[reason];
}
