import { GUARD_AUTHOR } from "../lib/guard.ts";
import type { SqlValue } from "../lib/sql.ts";
import { ACTION_NAMES } from "../policy/actions/names.ts";
import type { LedgerAction, Version } from "./types.ts";

/** Asks the tables; nothing before they are there. */
type Rows = <T extends Record<string, SqlValue>>(query: string, ...values: SqlValue[]) => T[];

type Row = { [TField in keyof Version]: Version[TField] };

const quoted = (actions: readonly LedgerAction[]): string =>
  actions.map((action) => `'${action}'`).join(", ");

/** Whoever it is that does this takes something back, so that no file may bring it again unasked; a guard by a pause too. */
const TAKES_BACK = `(action IN (${quoted(["abort", "force", "switch-back"])})
  OR (action = 'pause' AND author = '${GUARD_AUTHOR}'))`;

/** What a guard does but to grant takes something back. */
const BY_GUARD = `author = '${GUARD_AUTHOR}' AND action IN (${quoted(ACTION_NAMES)})`;

const VERSION = "version, text, author, at, note, action";

/** What was taken back, and by whom, as the history tells. */
export class TakenBack {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** The newest version that took something back, where nothing was applied from a file since. What people took is theirs to put again. */
  unanswered(): Version | undefined {
    return this.#rows<Row>(
      `SELECT ${VERSION} FROM versions AS newest
       WHERE ${TAKES_BACK}
         AND version > coalesce(
           (SELECT max(version) FROM audit WHERE action = 'apply'),
           (SELECT max(version) FROM versions WHERE action = 'put' AND newest.author <> '${GUARD_AUTHOR}'),
           0)
       ORDER BY version DESC LIMIT 1`,
    )[0];
  }

  /** The newest version by which a guard took something back, where the route was not deleted since, and the one before it. */
  byGuard(): { readonly taken: Version; readonly before: Version } | undefined {
    const [taken, before] = this.#rows<Row>(
      `SELECT ${VERSION} FROM versions
       WHERE version <= (SELECT max(version) FROM versions WHERE ${BY_GUARD})
         AND NOT EXISTS (
           SELECT 1 FROM versions
           WHERE text IS NULL AND version > (SELECT max(version) FROM versions WHERE ${BY_GUARD}))
       ORDER BY version DESC LIMIT 2`,
    );
    return taken === undefined || before === undefined ? undefined : { taken, before };
  }

  /** Whether a person has acted since a guard took something back, and nobody sent a policy since: the guard is overruled. */
  isOverruled(): boolean {
    const [row] = this.#rows<{ overruled: number }>(
      `SELECT count(*) AS overruled FROM versions
       WHERE author <> '${GUARD_AUTHOR}' AND action IN (${quoted(ACTION_NAMES)})
         AND version > (
           SELECT max(version) FROM versions
           WHERE ${BY_GUARD}
             AND version > coalesce(
               (SELECT max(version) FROM versions
                WHERE action NOT IN (${quoted([...ACTION_NAMES, "grant"])})), 0))`,
    );
    return (row?.overruled ?? 0) > 0;
  }
}
