import { LocationProvider, Route, Router } from "preact-iso";

import { Frame } from "./frame.tsx";
import { PAGES } from "./pages/index.ts";
import { NotFound } from "./parts/not-found.tsx";

/** Another page begins with its content, for who reads by keyboard or by ear too. */
function onArrival(): void {
  document.querySelector<HTMLElement>("#content")?.focus();
}

/** The console: its frame, and the page that the address names. */
export function App() {
  return (
    <LocationProvider>
      <Frame>
        <Router onRouteChange={onArrival}>
          {PAGES.map(({ path, component }) => (
            <Route key={path} path={path} component={component} />
          ))}
          <Route default component={NotFound} />
        </Router>
      </Frame>
    </LocationProvider>
  );
}
