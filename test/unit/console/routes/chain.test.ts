import * as fc from "fast-check";
import { expect, test } from "vitest";

import {
  answered,
  due,
  isWhole,
  listed,
  PAGES_AT_ONCE,
  START,
  type Chain,
  type RouteStatus,
} from "../../../../src/console/pages/routes/chain.ts";
import { check } from "../../../support/property.ts";

const statusOf = (route: string): RouteStatus => ({
  route,
  version: 1,
  reportedAt: null,
  drift: false,
  experiments: [],
});

/** A list as the API gives it, its cursors being sealed anew each time. */
class Server {
  readonly keys = new Set<string>();
  #sealed = 0;

  page(from: string | undefined, limit: number) {
    const after = from?.split("#")[0] ?? "";
    const keys = [...this.keys].filter((key) => key > after).toSorted();
    const shown = keys.slice(0, limit);
    this.#sealed += 1;
    return {
      routes: shown.map(statusOf),
      next: keys.length > limit ? `${shown.at(-1)}#${this.#sealed}` : null,
      unreachable: [],
    };
  }
}

const LIMIT = 3;

function asked(server: Server, chain: Chain, now: number, inView: ReadonlySet<number> = new Set()) {
  let next = chain;
  for (const index of due(chain, inView))
    next = answered(next, index, server.page(next[index]?.from, LIMIT), now);
  return next;
}

const keysOf = (chain: Chain) => listed(chain).map(({ status }) => status.route);

/** Rounds after which every page was asked for, however many there are. */
const ROUNDS = 40;

test("the first page is asked for alone, then one after the other until all are known", () => {
  const server = new Server();
  for (const key of "abcdefg") server.keys.add(key);
  let chain: Chain = START;
  const known: string[] = [];
  for (let now = 1; !isWhole(chain); now += 1) {
    expect(due(chain, new Set())).toEqual([now - 1]);
    chain = asked(server, chain, now);
    known.push(keysOf(chain).join(""));
  }
  expect(known).toEqual(["abc", "abcdef", "abcdefg"]);
});

test("then those in view are asked for first, known for longest before the others, and one that is not", () => {
  const server = new Server();
  for (let number = 100; number < 100 + LIMIT * 9; number += 1) server.keys.add(String(number));
  let chain: Chain = START;
  for (let now = 1; !isWhole(chain); now += 1) chain = asked(server, chain, now);
  expect(chain).toHaveLength(9);
  expect(due(chain, new Set([4]))).toEqual([4, 0]);
  const many = due(chain, new Set([1, 2, 3, 5, 8]));
  expect(many).toEqual([1, 2, 3, 5]);
  expect(many).toHaveLength(PAGES_AT_ONCE);
});

test("whatever comes and goes, the list is the server's again once every page was asked for", () => {
  const edits = fc.array(
    fc.record({
      key: fc.integer({ min: 100, max: 160 }).map(String),
      comes: fc.boolean(),
      inView: fc.integer({ min: 0, max: 8 }),
    }),
    { maxLength: 40 },
  );
  check(
    fc.property(edits, (changes) => {
      const server = new Server();
      let chain: Chain = START;
      let now = 0;
      for (const { key, comes, inView } of changes) {
        if (comes) server.keys.add(key);
        else server.keys.delete(key);
        chain = asked(server, chain, (now += 1), new Set([inView]));
        const keys = keysOf(chain);
        expect(keys).toEqual([...new Set(keys)].toSorted());
      }
      for (let round = 0; round < ROUNDS; round += 1) chain = asked(server, chain, (now += 1));
      expect(keysOf(chain)).toEqual([...server.keys].toSorted());
    }),
  );
});

test("a route that two pages tell of is as it was told last", () => {
  const [old, fresh] = [statusOf("b"), { ...statusOf("b"), version: 2 }];
  const chain: Chain = [
    { from: undefined, routes: [statusOf("a"), fresh], at: 2, unreachable: [] },
    { from: "a", routes: [old], at: 1, unreachable: [] },
  ];
  expect(listed(chain).map(({ status }) => status)).toEqual([statusOf("a"), fresh]);
});
