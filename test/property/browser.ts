import { decide } from "../support/decide.ts";
import type { Decision } from "../../src/decide/outcome.ts";
import { encodeVisitor } from "../../src/decide/visitor.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import { factsFrom, NOW } from "./arbitraries/facts.ts";

/** A visitor who keeps what the gateway tells them to remember, through the cookie's text, as a browser does. */
export interface Browser {
  /** The cookie's value; absent until one was set. */
  readonly cookie: () => string | undefined;
  /** One request for `/`. Throws where a path-map maps nothing. */
  readonly visit: (policy: CompiledPolicy, now?: number) => Decision;
}

/** A newcomer; `id` is what the gateway draws if it has to, 22 characters. */
export function browser(id: string): Browser {
  let cookie: string | undefined;
  return {
    cookie: () => cookie,
    visit(policy, now = NOW) {
      const cookies = cookie === undefined ? {} : { sy: [cookie] };
      const decision = decide(policy, factsFrom({ cookies, now, draw: id }));
      if (decision === undefined) throw new Error("no prefix matched");
      if (decision.remember !== undefined) cookie = encodeVisitor(decision.remember);
      return decision;
    },
  };
}
