/** What people read of a condition with a name of its own: in the reference. The gateway never loads it. */
export interface PredicateDocs {
  readonly example: string;
  /** Goes on from "holds where the value". In Markdown. */
  readonly holds: string;
}
