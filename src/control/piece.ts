/** A stretch of a list in the order of its keys. */
export interface Piece<TEntry> {
  readonly entries: readonly TEntry[];
  /** The last key that it speaks for; `undefined` where it goes to the end. */
  readonly upTo: string | undefined;
}

/** No key comes after this text. */
export const END = "\uFFFF";
