import type { EditError, TooOld } from "../ledger/edit-types.ts";
import type { Made } from "../ledger/types.ts";
import { MAX_POLICY_BYTES } from "../api/limits.ts";
import { shownIssues, type Issue } from "../lib/issue.ts";
import { WITHOUT_LEDGER } from "./advice.ts";
import { boundedChanges, boundedPlan } from "./bounded.ts";
import { ApiError } from "./api-error.ts";
import { iso } from "./call.ts";

/** Whose the policy is that was refused. */
const WHOSE = {
  sent: undefined,
  newest: {
    what: "the newest version is not valid any more",
    fix: "put a whole policy, or roll back to a version that is valid",
  },
  earlier: { what: "that version is not valid any more", fix: "choose another one" },
  "in-kv": {
    what: "the value in KV",
    fix: "put a whole policy over it, or republish the newest version",
  },
} as const;

const who = ({ version, author, at, action }: Made): Record<string, unknown> => ({
  current: version,
  author,
  at: iso(at),
  action,
});

/** Which gateways do not know what. */
function tooOldWords(old: readonly TooOld[]): string {
  const releases = old.map(({ release }) => release).join(", ");
  const [word] = old.flatMap(({ words }) => words);
  return `gateways of release ${releases} serve, and would not serve a policy with ${word?.path}, which release ${word?.since} was the first to know`;
}

/** Each word once, with the releases that do not know it. */
function tooOldIssues(old: readonly TooOld[]): Issue[] {
  const words = new Map(old.flatMap(({ words: of }) => of.map((one) => [one.word, one] as const)));
  return [...words.values()].map(({ word, path, since }) => {
    const releases = old
      .filter(({ words: of }) => of.some((one) => one.word === word))
      .map(({ release }) => release);
    return {
      path,
      message: `"${word}" is known since release ${since}, and gateways of ${releases.join(", ")} serve`,
      fix: 'deploy the gateway, wait until no older one serves, or say "override": true (sy: --override)',
    };
  });
}

/** The problem that tells a caller why the ledger refused an edit. */
export function errorOf(error: EditError): ApiError {
  switch (error.code) {
    case "route-not-found":
    case "version-not-found":
    case "no-drift":
    case "idempotency-mismatch":
      return new ApiError(error.code);
    case "precondition-failed": {
      const { latest, code, since, changes, changesLeftOut = 0 } = error;
      const winner = latest === undefined ? "" : `${latest.author} was quicker: `;
      return new ApiError(code, `${winner}read it again, and decide again`, {
        ...(latest === undefined ? { current: 0 } : who(latest)),
        ...(since === undefined ? {} : { since }),
        ...(changes === undefined ? {} : boundedChanges(changes, changesLeftOut)),
      });
    }
    case "drift":
      return new ApiError(
        error.code,
        'adopt what KV has, republish the newest version, or say "override": true',
        { current: error.current },
      );
    case "policy-refused":
      return new ApiError(error.code, WHOSE[error.which], { issues: error.issues });
    case "policy-too-large":
      return new ApiError(
        "body-too-large",
        error.which === "in-kv"
          ? "the value in KV"
          : `a policy has ${MAX_POLICY_BYTES} bytes at most`,
      );
    case "action-refused":
      return new ApiError(error.code, { what: error.message, fix: error.fix });
    case "reshuffle":
      return new ApiError(
        error.code,
        'keep the salt and the names, or say "allowReshuffle": true',
        { plan: boundedPlan(error.plan) },
      );
    case "taken-back": {
      const { by } = error;
      return new ApiError(
        error.code,
        {
          what: `${by.author} did ${by.action} at ${iso(by.at)}, as version ${by.version}`,
          fix: 'take that into the file, or say "override": true',
        },
        who(by),
      );
    }
    case "guard-acted": {
      const { by, evidence, variant } = error;
      return new ApiError(
        error.code,
        {
          what: `the guard took "${variant}" back by ${by.action} at ${iso(by.at)}, as version ${by.version} (${evidence}), and this would give it back`,
          fix: 'say "override": true, or give it back by an action',
        },
        { ...who(by), variant, evidence },
      );
    }
    case "gateway-too-old":
      return new ApiError(
        error.code,
        {
          what: tooOldWords(error.old),
          fix: 'deploy the gateway, or wait until no older one serves, or say "override": true',
        },
        { issues: shownIssues(tooOldIssues(error.old)) },
      );
    case "ledger-full":
      return new ApiError(error.code, { fix: WITHOUT_LEDGER });
    default:
      return error satisfies never;
  }
}
