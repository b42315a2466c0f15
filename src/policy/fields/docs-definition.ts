/** What people read of one field: in the reference, and in editors. In Markdown. The gateway never loads it. */
export interface FieldText {
  /** What may be written. */
  readonly value: string;
  readonly meaning: string;
}
