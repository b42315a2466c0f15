import { matches } from "../decide/match.ts";
import { withoutPrefix } from "../lib/path.ts";
import type { CompiledPolicy, Node, Rule } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";
import { syntheticFacts, type Asked } from "./synthetic.ts";

/** Facts of some visitor that tell whether anything was read which another visitor or another time would have otherwise. */
function watched(base: Facts, asked: Asked) {
  let isPersonal = false;
  const note = <T>(value: T): T => {
    isPersonal = true;
    return value;
  };
  const some = syntheticFacts(base, asked)("A".repeat(22));
  const facts: Facts = {
    ...some,
    get now() {
      return note(base.now);
    },
    ip: () => base.ip() ?? note(some.ip()),
    header: (name) => base.header(name) ?? (asked.headers.has(name) ? note("") : undefined),
    query: (name) => {
      const given = base.query(name);
      return given.length === 0 && asked.queries.has(name) ? note([]) : given;
    },
    cookie: (name) => {
      const given = base.cookie(name);
      return given.length === 0 && asked.cookies.has(name) ? note([]) : some.cookie(name);
    },
    randomId: () => note(some.randomId()),
  };
  return {
    facts,
    /** Whether `work` gives every visitor the same answer, and which. */
    of(work: () => boolean): { readonly isPersonal: boolean; readonly answer: boolean } {
      isPersonal = false;
      const answer = work();
      return { isPersonal, answer };
    },
  };
}

/**
 * The same policy as far as synthetic visitors meet it who all ask for the same: rules that fit none
 * of them are gone, and so is what stands behind one that fits all. Looks at each rule once, where
 * sending ten thousand visitors would look at it ten thousand times.
 */
export function narrow(policy: CompiledPolicy, base: Facts, asked: Asked): CompiledPolicy {
  const watch = watched(base, asked);

  function rulesMet(rules: readonly Rule[], path: string): Rule[] {
    const met: Rule[] = [];
    for (const rule of rules) {
      const { isPersonal, answer } = watch.of(() => matches(rule.match, watch.facts, path));
      if (!isPersonal && !answer) continue;
      met.push(rule.node === undefined ? rule : { ...rule, node: nodeMet(rule.node, path) });
      if (!isPersonal) break;
    }
    return met;
  }

  function nodeMet(node: Node, path: string): Node {
    const rules = rulesMet(node.rules, path);
    if (node.kind !== "map") return { ...node, rules };
    const step = node.definition.step(node, path);
    const inside = step && {
      ...step,
      node: nodeMet(step.node, withoutPrefix(path, step.stripped)),
    };
    const definition = {
      ...node.definition,
      step: () => inside,
      nodes: () => (inside === undefined ? [] : [inside.node]),
    };
    return { ...node, rules, definition };
  }

  return { ...policy, root: nodeMet(policy.root, base.path) };
}
