/** How something is: each has a colour and, beside it, a sign and a word of its own. */
export type Tone = "good" | "warn" | "bad" | "accent" | "none";
