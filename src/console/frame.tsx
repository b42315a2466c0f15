import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";

import icon from "./icon.svg";
import { Who } from "./who.tsx";

const LINKS = [
  {
    href: "/",
    title: "Routes",
    isAt: (path: string) => path === "/" || path.startsWith("/routes/"),
  },
  { href: "/explain", title: "Explain", isAt: (path: string) => path === "/explain" },
];

/** What stands around every page: where one is, where one can go, and who one is. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  const { path } = useLocation();
  return (
    <div class="frame">
      <header class="top">
        <a class="skip button" href="#content">
          To the content
        </a>
        <a class="brand" href="/">
          <img src={icon} alt="" width="20" height="20" />
          <span>Switchyard</span>
        </a>
        <nav aria-label="Pages">
          {LINKS.map(({ href, title, isAt }) => (
            <a key={href} href={href} aria-current={isAt(path) ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <Who />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
