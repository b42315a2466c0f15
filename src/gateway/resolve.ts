/** Host and path → candidate keys. The shapes of keys are part of the contract, so they stand in `policy/`. */
export {
  ANY,
  MAX_HOST_CHARS,
  MAX_HOST_LABELS,
  hostCandidates,
  hostKey,
  pathBelow,
  pathCandidate,
  type Candidate,
} from "../policy/keys.ts";
