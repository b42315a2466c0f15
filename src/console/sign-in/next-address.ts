/** Only here does `new URL` need an origin; none of it is in what comes out. */
const SOMEWHERE = "https://console.invalid";

/** Where to go once signed in: `next` of the sign-in page's query where it leads to a page of the console, else the first. Never leads to another origin. */
export function nextAddress(query: string): string {
  const next = new URLSearchParams(query).get("next") ?? "/";
  const url = URL.parse(next, SOMEWHERE);
  if (url === null || url.origin !== SOMEWHERE || !next.startsWith("/")) return "/";
  // Two slashes in front would name a host.
  return `/${url.pathname.replace(/^\/+/, "")}${url.search}`;
}
