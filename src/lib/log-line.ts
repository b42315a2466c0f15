/** A URL, whose host alone tells where something failed; or a query without one. */
const PRIVATE =
  /\b((?:https?|wss?):\/\/)(?:[^\s/?#"'\\@]*@)?([^\s/?#"'\\]*)[^\s"'\\]*|\?[^\s"'\\]+/gi;

/** What an error's text may tell: of URLs in it scheme and host, for paths and queries hold what only their visitors may know. */
const withoutUrls = (text: string): string =>
  text.replaceAll(PRIVATE, (_, scheme?: string, host = "") =>
    scheme === undefined ? "?…" : `${scheme}${host}/…`,
  );

/**
 * A line of the log: one object of JSON. What it says is ours and names nobody, but for texts of errors of the
 * runtime, the members `error` and `outcome`, which may repeat URLs.
 */
export const logLine = (message: string, details: object): string =>
  JSON.stringify({ message, ...details }, (name, value: unknown) =>
    (name === "error" || name === "outcome") && typeof value === "string"
      ? withoutUrls(value)
      : value,
  );
