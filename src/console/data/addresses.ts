/** The pages that a route has; the first is what it opens with. */
export const ROUTE_PAGES = ["overview", "change", "results", "history", "edit"] as const;

export type RoutePage = (typeof ROUTE_PAGES)[number];

/** Where a page of a route is. */
export function routeAddress(key: string, page: RoutePage = "overview"): string {
  const route = `/routes/${encodeURIComponent(key)}`;
  return page === "overview" ? route : `${route}/${page}`;
}
