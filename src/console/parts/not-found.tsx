import { Empty } from "./empty.tsx";

/** Stands where an address leads nowhere. */
export function NotFound() {
  return (
    <Empty title="There is no such page">
      <a href="/">All routes</a>
    </Empty>
  );
}
