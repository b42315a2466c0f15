import { lazy } from "preact-iso";

import { Routes } from "./routes/routes.tsx";

/** Every page by its address. All but the first are loaded when they are opened. */
export const PAGES = [
  { path: "/", component: Routes },
  { path: "/routes/:key", component: lazy(async () => import("./route/route.tsx")) },
  { path: "/routes/:key/change", component: lazy(async () => import("./change/change.tsx")) },
  { path: "/routes/:key/results", component: lazy(async () => import("./results/results.tsx")) },
  { path: "/routes/:key/history", component: lazy(async () => import("./history/history.tsx")) },
  { path: "/routes/:key/edit", component: lazy(async () => import("./editor/editor.tsx")) },
  { path: "/explain", component: lazy(async () => import("./explain/explain.tsx")) },
] as const;
