/** Host and path → candidate keys. The shapes of keys are part of the contract, so they stand in `policy/`. */
import { remembered } from "../../lib/remembered.ts";
import { ANY, hostCandidates } from "../../policy/keys.ts";
import { MAX_HOST_CHARS } from "../../policy/limits.ts";

export {
  ANY,
  MAX_HOST_LABELS,
  hostCandidates,
  hostKey,
  pathBelow,
  pathCandidate,
} from "../../policy/keys.ts";

/** The keys a host leads to. */
export interface HostKeys {
  readonly keys: readonly string[];
  /** The keys a host leads to, and `*`: all there is to read where the path names no tenant. */
  readonly withAny: readonly string[];
  /** Whether it is a name that has a domain above it; not so an address or `localhost`, which routes are not made for. */
  readonly isName: boolean;
}

/** Where host keys are switched off. */
export const NO_HOSTS: HostKeys = { keys: [], withAny: [ANY.key], isName: false };

/** Hosts whose keys are remembered; made again beyond that. A gateway serves far fewer at a time. */
export const MAX_HOSTS = 1000;

/** The keys of hosts, made once for each. */
export class Hosts {
  /** The keys of one host, in order of precedence. */
  readonly of = remembered(
    (hostname): HostKeys => {
      const keys = hostCandidates(hostname).map(({ key }) => key);
      // Only a name has wildcards beside its own key.
      return { keys, withAny: [...keys, ANY.key], isName: keys.length > 1 };
    },
    { most: MAX_HOSTS, maxChars: MAX_HOST_CHARS },
  );
}
