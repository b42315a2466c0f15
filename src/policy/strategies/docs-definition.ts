import type { Common } from "../common.ts";
import type { FieldText } from "../fields/docs-definition.ts";

/** What people read of a strategy: in the reference, and in editors. The gateway never loads it. */
export interface StrategyDocs<TWritten> {
  /** What it does, in one sentence. */
  readonly summary: string;
  /** Its variants, as the reference's table names them. */
  readonly variants: string;
  /** Each field that is its own. */
  readonly fields: {
    readonly [TField in Exclude<keyof TWritten, keyof Common | "strategy">]-?: FieldText;
  };
}

/** What people read of a strategy, whatever it decides by. */
export interface AnyStrategyDocs extends Omit<StrategyDocs<unknown>, "fields"> {
  readonly fields: Readonly<Record<string, FieldText>>;
}
