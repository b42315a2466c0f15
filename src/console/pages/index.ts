import { Routes } from "./routes/routes.tsx";

/** Every page by its address. All but the first are loaded when they are opened. */
export const PAGES = [{ path: "/", component: Routes }] as const;
