import type { Access, Client } from "./ask.ts";
import { CHECKED } from "./checked.ts";
import type { Fixes } from "./refused.ts";
import { clientOf } from "./transport.ts";

/** What a client may be given beside the address. */
export interface ClientOptions {
  /** What to do about refusals, in the words of the program that asks. */
  readonly fixes?: Fixes;
  /** What to do where nothing answers. */
  readonly unreachable?: string;
}

/** A client of one API whose answers are held against the contract. */
export function connect(access: Access, { fixes, unreachable }: ClientOptions = {}): Client {
  return clientOf({ access, forms: CHECKED, fixes, unreachable });
}
