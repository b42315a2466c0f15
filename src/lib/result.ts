/** What came of something that may be refused: a value, or what is wrong, both as data. */
export type Result<TValue, TError> =
  | { readonly ok: true; readonly value: TValue }
  | { readonly ok: false; readonly error: TError };

/** A value that came of it. */
export const ok = <const TValue>(value: TValue) => ({ ok: true, value }) as const;

/** A refusal. */
export const refused = <const TError>(error: TError) => ({ ok: false, error }) as const;
