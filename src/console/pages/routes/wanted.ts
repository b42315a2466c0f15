import { ORDERS, SHOWS, type Order, type Show, type Wanted } from "./attention.ts";

const isShow = (text: string | undefined): text is Show =>
  text !== undefined && Object.hasOwn(SHOWS, text);
const isOrder = (text: string | undefined): text is Order =>
  text !== undefined && Object.hasOwn(ORDERS, text);

/** What is looked for by an address: another one's link shows them the same. */
export function wantedIn(query: Readonly<Record<string, string>>): Wanted {
  const { q = "", show, order } = query;
  return { q, show: isShow(show) ? show : "all", order: isOrder(order) ? order : "route" };
}

/** The address of what is looked for. */
export function addressOf({ q, show, order }: Wanted): string {
  const query = new URLSearchParams({
    ...(q !== "" && { q }),
    ...(show !== "all" && { show }),
    ...(order !== "route" && { order }),
  });
  return query.size === 0 ? "/" : `/?${query.toString()}`;
}
