import "./route-tabs.css";

import type { ComponentChildren } from "preact";

import { ROUTE_PAGES, routeAddress, type RoutePage } from "../data/addresses.ts";
import { mayDo } from "../data/me.ts";
import { useTitle } from "../data/title.ts";

const TITLES: Readonly<Record<RoutePage, string>> = {
  overview: "Overview",
  change: "Change",
  results: "Results",
  history: "History",
  edit: "Edit",
};

/** What a page is called for who looks: where they may not write, the editor only shows the text. */
const titleFor = (page: RoutePage, key: string): string =>
  page === "edit" && !mayDo("write", key) ? "Policy" : TITLES[page];

/** Whether a page has anything for who looks: there is no lever for who may not operate. */
const isOffered = (page: RoutePage, key: string): boolean =>
  page !== "change" || mayDo("operate", key);

interface RouteTabsProps {
  readonly routeKey: string;
  readonly current: RoutePage;
  /** Stands beside the key: how the route is, when that was so, what one may do with it. */
  readonly children?: ComponentChildren;
}

/** The head of every page of a route: the way back, the key as heading, and the ways to the route's other pages. */
export function RouteTabs({ routeKey, current, children }: RouteTabsProps) {
  useTitle(routeKey, titleFor(current, routeKey));
  return (
    <header class="route-tabs">
      <nav class="route-tabs-trail" aria-label="Where this is">
        <a href="/">
          <span aria-hidden="true">← </span>Routes
        </a>
      </nav>
      <div class="row">
        <h1 class="name" title={routeKey}>
          {routeKey}
        </h1>
        {children}
      </div>
      <nav class="route-tabs-bar" aria-label="Pages of this route">
        {ROUTE_PAGES.filter((page) => isOffered(page, routeKey)).map((page) => (
          <a
            key={page}
            href={routeAddress(routeKey, page)}
            aria-current={page === current ? "page" : undefined}
          >
            {titleFor(page, routeKey)}
          </a>
        ))}
      </nav>
    </header>
  );
}
