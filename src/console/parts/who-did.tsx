import { Time } from "./time.tsx";

/** Who made a version, by which action and when, as far as the API says so. */
export interface Authored {
  readonly version: number;
  readonly author?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly at?: string | null | undefined;
}

/** One version in a sentence: who did what, and when. */
export function WhoDid({ of: { version, author, action, at } }: { readonly of: Authored }) {
  return (
    <span>
      <span class="name">{author ?? "Somebody"}</span> did <strong>{action ?? "a change"}</strong>
      {at != null && (
        <>
          {" "}
          <Time at={at} ago />
        </>
      )}
      : version {version}.
    </span>
  );
}
