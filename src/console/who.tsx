import { signOut } from "./data/client.ts";
import { who } from "./data/me.ts";
import { Button } from "./parts/button.tsx";
import { Time } from "./parts/time.tsx";

/** In the words of docs/control-api.md, "Who may". */
const RIGHTS = { read: "may look", operate: "may operate", write: "may change all" } as const;

/** Whose session this is, what they may do, and the way out. */
export function Who() {
  const { value } = who;
  if (value === undefined) return <div class="who push" />;
  const { name, role, scope, by, expiresAt } = value;
  return (
    <div class="who push row">
      <span class="name" title={`${RIGHTS[role]}: ${scope.join(", ")}`}>
        {name}
      </span>
      <span class="soft rights">
        {RIGHTS[role]}
        {scope.includes("*") ? "" : ` of ${scope.join(", ")}`}
        {expiresAt !== undefined && (
          <>
            , until <Time at={expiresAt} />
          </>
        )}
      </span>
      {by === "session" && (
        <Button kind="plain" onClick={() => void signOut()}>
          Sign out
        </Button>
      )}
    </div>
  );
}
