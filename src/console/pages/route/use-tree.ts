import { useMemo } from "preact/hooks";

import type { Route } from "../../../api/client/reads.ts";
import type { Policy } from "../../../policy/schema.ts";
import { branchesOf, type Branch } from "./tree.ts";

/** The tree of a route's policy; nothing where it is none that this release knows. */
export function useTree(route: Route | undefined): readonly Branch[] | undefined {
  return useMemo(() => {
    if (route === undefined || route.policy === null) return undefined;
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API gives what it accepted
      return branchesOf(route.policy as Policy, route.key);
    } catch {
      return undefined;
    }
  }, [route]);
}
