import { HOST } from "./requests.ts";

/** What an origin is told of a request by a visitor. */
export const FORWARDING_INFO = {
  route: HOST,
  variant: "control",
  decided: undefined,
  experiment: undefined,
  reason: "split",
  counted: true,
  digest: undefined,
  ip: "203.0.113.7",
  host: HOST,
  scheme: "https",
  prefix: "",
  viaName: "switchyard",
  trustForwarded: false,
  cookieNames: ["sy", "sy-override"],
  destination: undefined,
  secretOf: () => undefined,
} as const;

/** An origin that changes nothing. */
export const TO = {
  origin: { origin: "https://o.example", host: "o.example", base: "" },
  edits: { request: [], response: [] },
  rewrite: undefined,
} as const;
