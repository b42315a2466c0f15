import { ok, refused, type Result } from "../lib/result.ts";
import type { CheckOptions } from "../policy/check.ts";
import { SINCE, type Since } from "../policy/since.ts";
import { Delivery } from "./delivery.ts";
import { detailOf } from "./detail.ts";
import { edit, holds, madeBy, outdated, preview, type Planner } from "./edit.ts";
import type {
  Accepted,
  Change,
  Committed,
  Edit,
  EditError,
  Expected,
  Previewed,
  Proposal,
  State,
} from "./edit-types.ts";
import { EMERGENCY_KV_MS, isEmergency, unseen } from "./emergency.ts";
import { grantedIn } from "./granted.ts";
import { judgeText } from "./judge.ts";
import { look, type Look } from "./look.ts";
import type { Outbox } from "./outbox.ts";
import { rememberingPlanner } from "./planner.ts";
import type { LedgerPlatform } from "./platform.ts";
import { Store } from "./store.ts";
import { known } from "./too-old.ts";
import type { AuditEntry, Drift, Idempotency, Status, Version } from "./types.ts";

/** An accepted edit is answered after so long (ms) at most, in KV or not: the outbox goes on. */
export const PUBLISH_WAIT_MS = 5000;

/** An edit, and a preview, wait so long (ms) for the hub's word of which gateways there are; an emergency no longer than it waits for KV. */
export const GATEWAYS_MS = 1500;

/** Versions that an action looks back through: each may have a megabyte, and a switch is seldom older. */
export const MAX_PAST_VERSIONS = 20;

/** What a ledger judges edits by. */
export interface Rules extends CheckOptions {
  /** Until every machine serves what is published now (ms), at worst. */
  readonly propagationMs: number;
  /** The words of the policy language that not every release knows; the language's own where it is left out. */
  readonly since?: Since;
}

/** An order to put the newest version to KV over whatever is there. */
export interface Republish {
  readonly expects: Expected;
  readonly author: string;
  readonly note: string;
  /** Whether to do so even with a version that is not a valid policy any more. */
  readonly override: boolean;
}

/** What KV has after an order to republish. */
export interface Republished {
  readonly version: number;
  readonly published: number;
  /** Whether it still has what somebody else wrote. */
  readonly drift: boolean;
}

/** Everything a ledger does, its side effects passed in. */
export class LedgerCore {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly #platform: LedgerPlatform;
  readonly #rules: Rules;
  readonly #planner: Planner;

  constructor(platform: LedgerPlatform, rules: Rules, planner: Planner = rememberingPlanner()) {
    this.#platform = platform;
    this.#rules = rules;
    this.#planner = planner;
    this.store = new Store(platform.sql);
    this.delivery = new Delivery(this.store, platform);
  }

  get outbox(): Outbox {
    return this.delivery.outbox;
  }

  /** Where the route stands. What KV has is left out where it does not say so in time. */
  async status(key: string): Promise<Status> {
    const { drift } = await look(this.#platform, this.outbox, key);
    const state = this.store.publication();
    return {
      latest: this.store.latest(),
      published: state?.published ?? 0,
      attempts: state?.attempts ?? 0,
      retryAt: state?.retryAt ?? undefined,
      drift,
    };
  }

  /** What an edit would do. */
  async preview(proposal: Proposal): Promise<Result<Previewed, EditError>> {
    const { drift } = await look(this.#platform, this.outbox, proposal.key);
    const state = this.#state(proposal.key, drift, namedBy(proposal), proposal.change);
    const previewed = preview(state, proposal, this.#planner);
    if (previewed.ok || previewed.error.code !== "unasked") return known(previewed);
    const gateways = await this.delivery.gateways(GATEWAYS_MS);
    return known(preview({ ...state, gateways }, proposal, this.#planner));
  }

  /**
   * Plans, judges and stores an edit, and publishes it; or changes nothing. What has to be asked is asked
   * first: from the judgement to the storing nothing waits, so nobody comes between.
   */
  async edit(wanted: Edit): Promise<Result<Committed, EditError>> {
    const startedAt = this.#platform.now();
    const earlier = this.#recalled(wanted.idempotency);
    if (earlier !== undefined) return earlier;
    const isNew = this.store.latest() === undefined;
    const [seen, heard] = await Promise.all([
      look(this.#platform, this.outbox, wanted.key),
      isNew ? this.delivery.heardByHub(wanted.key) : 0,
    ]);
    const number = Math.max(seen.number ?? 0, heard);
    return this.commit(wanted, { ...seen, number }, this.#platform.now() - startedAt);
  }

  /** Makes an edit by what KV was seen to have; `spentMs` of the time to wait for KV are gone already. */
  async commit(
    wanted: Edit,
    seen: Look,
    spentMs = 0,
    gateways: State["gateways"] = "unasked",
  ): Promise<Result<Committed, EditError>> {
    const { drift, inTime, number = 0 } = seen;
    // The same request may have come in twice at once, and its twin been quicker.
    const twin = this.#recalled(wanted.idempotency);
    if (twin !== undefined) return twin;
    const { change, expects } = wanted;
    const state = this.#state(wanted.key, drift, namedBy(wanted, expects), change);
    const judged = edit({ ...state, gateways }, wanted, this.#planner);
    if (!judged.ok && judged.error.code === "unasked") {
      const begin = this.#platform.now();
      const left = isEmergency(wanted) ? EMERGENCY_KV_MS - spentMs : GATEWAYS_MS;
      const there = await this.delivery.gateways(left);
      return this.commit(wanted, seen, spentMs + this.#platform.now() - begin, there);
    }
    if (!judged.ok) return known(judged);
    const accepted = inTime || !wanted.override ? judged.value : unseen(judged.value);
    if (accepted.unchanged) return ok(this.#unchanged(wanted, accepted));
    const stored = this.#accept(wanted, accepted, drift, number);
    if (!stored.ok) return stored;
    const wait = isEmergency(wanted) ? Math.max(0, EMERGENCY_KV_MS - spentMs) : PUBLISH_WAIT_MS;
    await this.#publish(wait);
    return ok({ ...stored.value, published: this.store.publication()?.published ?? 0 });
  }

  /** Puts the newest version to KV over whatever is there. */
  async republish(order: Republish): Promise<Result<Republished, EditError>> {
    const { expects, author, note, override } = order;
    const latest = this.store.latest();
    if (latest === undefined) return refused({ code: "route-not-found" });
    const state = this.#state(this.store.publication()?.key, undefined, knownBy(expects));
    if (!holds(expects, latest.version)) return refused(outdated(state, expects));
    const judged = latest.text === null ? undefined : judgeText(latest.text, state.rules, "newest");
    if (judged?.ok === false && !override) return judged;
    this.note({ actor: author, action: "republish", note, detail: override ? "override" : "" });
    const { orderedAt = 0 } = this.store.publication() ?? {};
    // Later than all that was told of this version: the order beats what was put by hand since.
    const at = Math.max(this.#platform.now(), latest.at + 1, orderedAt + 1);
    this.store.setPublication({ forced: true, orderedAt: at, retryAt: null, hubRetryAt: null });
    this.delivery.wake();
    await this.#publish(override ? EMERGENCY_KV_MS : PUBLISH_WAIT_MS);
    const { published = 0, drifted = false } = this.store.publication() ?? {};
    return ok({ version: latest.version, published, drift: drifted });
  }

  /** Writes down what changed no policy; nothing where the route never had one. */
  note(entry: Pick<AuditEntry, "actor" | "action" | "note" | "detail">): void {
    const version = this.store.latest()?.version;
    if (version !== undefined) this.store.addAudit({ ...entry, at: this.#platform.now(), version });
  }

  /** All that an edit is judged by; `numbers` are the versions that it names, `change` what it does. */
  #state(
    key: string | undefined,
    drift: Drift | undefined,
    numbers: readonly number[],
    change?: Change,
  ): State {
    const goesBack = change?.kind === "act" && change.action.name === "switch-back";
    const isSent = change?.kind === "put" || change?.kind === "patch";
    const named = numbers
      .map((number) => this.store.version(number))
      .filter((version) => version !== undefined);
    const takenBack = this.store.takenBack.unanswered();
    return {
      latest: this.store.latest(),
      drift,
      named: new Map(named.map((version): [number, Version] => [version.version, version])),
      past: goesBack ? this.store.newest(MAX_PAST_VERSIONS) : [],
      takenBack: takenBack && madeBy(takenBack),
      byGuard: isSent ? this.store.takenBack.byGuard() : undefined,
      granted: isSent ? grantedIn(this.store) : [],
      rules: { ...this.#rules, key },
      since: this.#rules.since ?? SINCE,
      gateways: "unasked",
      propagationMs: this.#rules.propagationMs,
    };
  }

  /** What an earlier request with the same key came to. */
  #recalled(idempotency: Idempotency | undefined): Result<Committed, EditError> | undefined {
    if (idempotency === undefined) return undefined;
    const recalled = this.store.recall(idempotency, this.#platform.now());
    if (!recalled.seen) return undefined;
    if (!recalled.same) return refused({ code: "idempotency-mismatch" });
    const version = this.store.version(recalled.version);
    if (version === undefined) return refused({ code: "version-not-found" });
    const { text: _text, ...made } = version;
    return ok({ ...this.#plain(made), replayed: true });
  }

  #plain(made: Omit<Version, "text">): Committed {
    return {
      ...made,
      published: this.store.publication()?.published ?? 0,
      unchanged: false,
      reason: undefined,
      created: false,
      plan: undefined,
      warnings: [],
      replaced: undefined,
      replayed: false,
    };
  }

  #unchanged(wanted: Edit, { reason, warnings }: Accepted): Committed {
    const latest = this.store.latest();
    if (latest === undefined) throw new RangeError("nothing can be unchanged where nothing is");
    const { change, author, note } = wanted;
    // The file says what somebody took back: from here on it is the file's own word.
    if (change.kind === "put" && change.apply && this.store.takenBack.unanswered() !== undefined)
      this.note({ actor: author, action: "apply", note, detail: "unchanged" });
    const { text: _text, ...made } = latest;
    return { ...this.#plain(made), unchanged: true, reason, warnings };
  }

  #accept(
    wanted: Edit,
    accepted: Accepted,
    drift: Drift | undefined,
    heard: number,
  ): Result<Committed, EditError> {
    const { now, transaction } = this.#platform;
    const at = now();
    // A new ledger goes on above the versions of one that was lost.
    const version = (this.store.latest()?.version ?? heard) + 1;
    const { key, author, note, override, idempotency } = wanted;
    const { text, action, unheld: _unheld, ...findings } = accepted;
    const detail = detailOf(wanted, accepted);
    const adopts = action === "adopt";
    try {
      transaction(() => {
        this.store.found(key);
        this.store.addVersion({ version, text, author, at, note, action });
        this.store.addAudit({ at, actor: author, action, version, note, detail });
        if (idempotency !== undefined) this.store.remember(idempotency, version, at);
        this.store.setPublication({ retryAt: null, hubRetryAt: null });
        // KV has an adopted value already, though not its number; what was adopted is no longer drift.
        if (adopts) this.store.setPublication({ published: version, drifted: false });
        else if (override || findings.replaced !== undefined) this.outbox.force(drift);
      });
    } catch (error) {
      this.store.refresh();
      if (/\bSQLITE_FULL\b|disk is full/i.test(String(error)))
        return refused({ code: "ledger-full" });
      throw error;
    }
    this.delivery.wake();
    return ok({ ...this.#plain({ version, author, at, note, action }), ...findings, action });
  }

  async #publish(wait: number): Promise<void> {
    const answered = new AbortController();
    const late = this.#platform.sleep(wait, answered.signal).catch(() => undefined);
    await Promise.race([this.delivery.run(), late]);
    answered.abort();
  }
}

/** The version that a caller says they know. */
const knownBy = (expects: Expected): readonly number[] =>
  expects.want === "some" ? expects.versions.slice(0, 1) : [];

/** The versions that a proposal, or an edit with its expectation, names. */
function namedBy({ change }: Proposal, expects?: Expected): readonly number[] {
  const back = change.kind === "rollback" ? [change.version] : [];
  return expects === undefined ? back : [...back, ...knownBy(expects)];
}
