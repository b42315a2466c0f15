import "./explain.css";

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";

import { explainRequest } from "../../../api/client/reads.ts";
import { client, isSignedOut, signIn } from "../../data/client.ts";
import { useTitle } from "../../data/title.ts";
import { Empty } from "../../parts/empty.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";
import { askedBy, EMPTY, type Form } from "./asked.ts";
import { Explanation } from "./explanation.tsx";
import { RequestForm } from "./request-form.tsx";
import type { Fault } from "./shell-words.ts";
import type { Explanation as Explained } from "./in-words.ts";

/** How the last question went. */
type Answer =
  | { readonly state: "none" | "asking" }
  | { readonly state: "wrong"; readonly fault: Fault }
  | { readonly state: "refused"; readonly error: unknown }
  | { readonly state: "told"; readonly told: Explained };

function Idle() {
  return (
    <Empty title="Why did somebody get that variant?">
      <p>
        Paste the request that they sent. The control plane decides it by the gateway’s own code,
        and tells every step.
      </p>
    </Empty>
  );
}

/** A request typed or pasted as curl, and the decision about it step by step. */
export default function Explain() {
  useTitle("Explain");
  const { query } = useLocation();
  const [form, setForm] = useState<Form>({
    ...EMPTY,
    request: query["url"] ?? "",
    route: query["route"] ?? "",
    version: query["version"] ?? "",
  });
  const [answer, setAnswer] = useState<Answer>({ state: "none" });
  const result = useRef<HTMLDivElement>(null);
  // The answer is what one asked for: the keyboard and screen readers go there.
  useLayoutEffect(() => {
    if (answer.state === "told") result.current?.focus();
  }, [answer]);

  async function ask(): Promise<void> {
    if (answer.state === "asking") return;
    const asked = askedBy(form);
    if (!asked.ok) return setAnswer({ state: "wrong", fault: asked.error });
    setAnswer({ state: "asking" });
    try {
      const { request, route } = asked.value;
      setAnswer({ state: "told", told: await explainRequest(client, request, route) });
    } catch (error) {
      if (isSignedOut(error)) return signIn();
      setAnswer({ state: "refused", error });
    }
  }

  return (
    <div class="stack">
      <h1>Explain</h1>
      <div class="explain">
        <RequestForm
          form={form}
          onForm={setForm}
          onAsk={() => void ask()}
          isAsking={answer.state === "asking"}
        >
          {answer.state === "wrong" && (
            <Notice tone="bad" title={answer.fault.message}>
              <p>{answer.fault.fix}</p>
            </Notice>
          )}
          {answer.state === "refused" && <ErrorNotice error={answer.error} />}
        </RequestForm>
        <div
          ref={result}
          class="explain-result"
          tabIndex={-1}
          aria-busy={answer.state === "asking"}
        >
          {answer.state === "told" ? <Explanation of={answer.told} /> : <Idle />}
        </div>
      </div>
    </div>
  );
}
