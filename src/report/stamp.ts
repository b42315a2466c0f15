import { textDigest } from "./digest.ts";

/** What a ledger puts beside a text in KV's metadata. */
export interface Stamp {
  /** The ledger's version, from 1. */
  readonly version: number;
  /** {@link textDigest} of the text that was put with it. */
  readonly digest: string;
}

/** No ledger counts so far: a higher number was made up, and nothing could go on above it. */
export const MAX_VERSION = 1_000_000_000_000;

/** The stamp of a text on its way to KV. */
export const stampOf = (text: string, version: number): Stamp => ({
  version,
  digest: textDigest(text),
});

/**
 * The version of a text that KV gave with its metadata, or `undefined` for one that was put by hand.
 * A number counts only with the digest of its own text beside it: tools that copy metadata along
 * with a changed value do not make it a ledger's. A stamp without a digest is of an earlier release
 * of the ledger, and counts.
 */
export function stampedVersion(text: string, metadata: unknown): number | undefined {
  if (typeof metadata !== "object" || metadata === null || !("version" in metadata))
    return undefined;
  const { version } = metadata;
  if (typeof version !== "number" || !Number.isSafeInteger(version)) return undefined;
  if (version < 1 || version > MAX_VERSION) return undefined;
  return !("digest" in metadata) || metadata.digest === textDigest(text) ? version : undefined;
}
