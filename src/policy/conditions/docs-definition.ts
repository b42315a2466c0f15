/** What people read of a condition: in the reference, and in editors. The gateway never loads it. */
export interface ConditionDocs {
  /** What of a request is looked at, and how. In Markdown. */
  readonly comparedWith: string;
}
