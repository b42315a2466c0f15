/** What a text of JSON says; `undefined`, which JSON cannot say, where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
