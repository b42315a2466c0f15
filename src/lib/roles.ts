/** What a caller of the control API may do, least first: each role may do what those before it may. */
export const ROLES = ["read", "operate", "write"] as const;

/** The name of a role. */
export type Role = (typeof ROLES)[number];
