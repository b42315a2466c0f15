/** What was looked at. */
export type Part =
  | "control"
  | "config"
  | "kv"
  | "ledger"
  | "hub"
  | "reports"
  | "version"
  | "clock"
  | "routes"
  | "gateway"
  | "dns"
  | "tls"
  | "policies";

/** What was found of one thing: `wrong` wants to be mended, a `hint` to be thought about. */
export interface Finding {
  readonly part: Part;
  readonly level: "ok" | "hint" | "wrong";
  readonly what: string;
  /** What to do; none where all is well. */
  readonly fix?: string;
}

export const well = (part: Part, what: string): Finding => ({ part, level: "ok", what });

export const hint = (part: Part, what: string, fix: string): Finding => ({
  part,
  level: "hint",
  what,
  fix,
});

export const wrong = (part: Part, what: string, fix: string): Finding => ({
  part,
  level: "wrong",
  what,
  fix,
});
