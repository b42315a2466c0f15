import type { Route } from "../../../api/client/reads.ts";
import { Badge } from "../../parts/badge.tsx";

/** Whether KV has the newest version, in a word. */
export function Publishing({ route }: { readonly route: Route }) {
  const { version, published, publishing, drift } = route;
  if (drift !== null) return <Badge tone="warn">drift</Badge>;
  if (version === published) return <Badge tone="good">published</Badge>;
  return (
    <Badge tone="warn" title={`Tried ${publishing.attempts} times`}>
      publishing{publishing.attempts > 1 ? `, attempt ${publishing.attempts}` : ""}
    </Badge>
  );
}
