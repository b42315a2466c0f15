/** Options that several commands have, each written once. */
export const JSON_OPTION = {
  json: { type: "boolean", description: "Print JSON for machines" },
} as const;

export const YES_OPTION = {
  yes: { type: "boolean", alias: "y", description: "Do not ask, even on a terminal" },
} as const;

export const SERVER_OPTIONS = {
  url: {
    type: "string",
    description: "The control plane (SY_URL, then .switchyard.json, then http://127.0.0.1:8788)",
  },
  env: {
    type: "string",
    description: "The control plane by the name it has since sy login --name",
  },
  "token-stdin": {
    type: "boolean",
    description: "Read the token for --url or SY_URL from stdin (else SY_TOKEN, or sy login)",
  },
  ...JSON_OPTION,
} as const;

export const PRIVATE_OPTION = {
  "allow-private": {
    type: "boolean",
    description:
      "Let origins be on loopback and private addresses, as the var ALLOW_PRIVATE_ORIGINS does",
  },
} as const;

/** A request in words: the options of curl where curl has one. */
export const REQUEST_OPTIONS = {
  header: {
    type: "string",
    alias: "H",
    description: 'A header, "name: value"; may be repeated',
    valueHint: "header",
  },
  method: { type: "string", alias: "X", description: "The method (default GET)" },
  country: { type: "string", description: "The visitor's country, two letters" },
  continent: { type: "string", description: "The visitor's continent, two letters" },
  region: { type: "string", description: "The visitor's region: ISO 3166-2 without the country" },
  asn: { type: "string", description: "The number of the visitor's network" },
  eu: { type: "boolean", description: "Whether the visitor is in the European Union" },
  ip: { type: "string", description: "The visitor's address" },
  bot: { type: "boolean", description: "A declared crawler (default: as user-agent says)" },
  at: {
    type: "string",
    description: "When the request comes in: a time (RFC 3339), +5m; default now",
  },
} as const;

/** Who sends the request. */
export const VISITOR_OPTIONS = {
  visitor: { type: "string", description: "The id in the visitor's cookie, 22 characters" },
  "seen-at": {
    type: "string",
    description: "When that visitor was first seen: a time (RFC 3339), -2d",
  },
} as const;

/** What every edit takes. */
export const EDIT_OPTIONS = {
  note: { type: "string", alias: "m", description: "Why; kept in the history" },
  "allow-reshuffle": {
    type: "boolean",
    description: "Accept that visitors are drawn anew without need",
  },
} as const;

/** Going ahead where somebody may not have wanted that. */
export const OVERRIDE_OPTION = {
  override: {
    type: "boolean",
    description: "Also over a value put to KV by hand, and over what somebody has taken back",
  },
} as const;

/** What every edit of one route takes. */
export const ROUTE_EDIT_OPTIONS = {
  ...EDIT_OPTIONS,
  ...OVERRIDE_OPTION,
  "if-version": {
    type: "string",
    description: "Only if this is still the newest version (default: the one sy reads first)",
  },
  ...SERVER_OPTIONS,
} as const;

/** The route a command is about. */
export const KEY_ARGUMENT = {
  key: { type: "positional", description: "The route's key, as in docs/policy.md" },
} as const;

/** Which files are held against what is live. */
export const FILES_OPTIONS = {
  path: {
    type: "positional",
    required: false,
    description: "A file or a folder, JSON or YAML (default: the folder of the settings)",
  },
  key: { type: "string", description: "The route of a single file (default: the file's name)" },
  prune: { type: "boolean", description: "Delete routes that have no file" },
  "allow-reshuffle": EDIT_OPTIONS["allow-reshuffle"],
} as const;
