/** Routes as they were at a deployment: what a gateway serves where it can ask nobody. */
export interface Snapshot {
  readonly v: 1;
  /** By key: the ledger's version, 0 for none, and the policy's text. */
  readonly routes: Readonly<Record<string, readonly [version: number, text: string]>>;
}
