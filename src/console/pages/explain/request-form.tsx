import type { ComponentChildren } from "preact";

import { Button } from "../../parts/button.tsx";
import type { Form } from "./asked.ts";

interface FieldProps {
  readonly name: keyof Form;
  readonly title: string;
  readonly form: Form;
  readonly onForm: (form: Form) => void;
  readonly isTime?: boolean;
  readonly placeholder?: string;
}

function Field({ name, title, form, onForm, isTime = false, placeholder }: FieldProps) {
  const input = {
    id: `explain-${name}`,
    class: "input",
    value: form[name],
    onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
      onForm({ ...form, [name]: currentTarget.value }),
  };
  return (
    <div class="field">
      <label htmlFor={input.id}>{title}</label>
      {isTime ? (
        <input {...input} type="datetime-local" />
      ) : (
        <input
          {...input}
          type="text"
          placeholder={placeholder}
          autocomplete="off"
          spellcheck={false}
        />
      )}
    </div>
  );
}

interface RequestFormProps {
  readonly form: Form;
  readonly onForm: (form: Form) => void;
  readonly onAsk: () => void;
  readonly isAsking: boolean;
  /** What is wrong with it, where something is. */
  readonly children: ComponentChildren;
}

/** A request in words or as a curl command, and whose word is asked for. */
export function RequestForm({ form, onForm, onAsk, isAsking, children }: RequestFormProps) {
  const all = { form, onForm };
  return (
    <form
      class="card explain-form"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <div class="field">
        <label htmlFor="explain-request">Request</label>
        <textarea
          id="explain-request"
          class="input explain-request"
          rows={4}
          placeholder={"https://shop.example.com/cart\nor curl 'https://…' -H 'cookie: …'"}
          value={form.request}
          autocomplete="off"
          spellcheck={false}
          aria-describedby="explain-hint"
          onInput={({ currentTarget }) => onForm({ ...form, request: currentTarget.value })}
          onKeyDown={(event) => {
            // A command has many lines; a URL has one, and Enter is its end.
            const isDone = event.ctrlKey || event.metaKey || !form.request.includes("curl");
            if (event.key !== "Enter" || event.shiftKey || !isDone) return;
            event.preventDefault();
            onAsk();
          }}
        />
        <p id="explain-hint" class="soft">
          A URL, or a command that your browser gives you: in its network tools, “Copy as cURL
          (bash)”. It is sent to the control plane alone, which asks no origin.
        </p>
      </div>
      <div class="explain-fields">
        <Field {...all} name="route" title="Route" placeholder="whichever it leads to" />
        <Field {...all} name="version" title="Version" placeholder="the one in force" />
        <Field {...all} name="at" title="When" isTime />
        <Field {...all} name="country" title="Country" placeholder="SE" />
        <Field {...all} name="visitor" title="Visitor’s id" placeholder="a newcomer" />
        <Field {...all} name="method" title="Method" placeholder="GET" />
      </div>
      <details>
        <summary>More headers</summary>
        <div class="field">
          <label htmlFor="explain-headers">Headers, one a line</label>
          <textarea
            id="explain-headers"
            class="input explain-request"
            rows={3}
            placeholder="x-beta: 1"
            value={form.headers}
            spellcheck={false}
            onInput={({ currentTarget }) => onForm({ ...form, headers: currentTarget.value })}
          />
        </div>
      </details>
      {children}
      <div class="row">
        <Button kind="primary" type="submit">
          Explain
        </Button>
        <span class="soft">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd>
        </span>
        <span class="soft" role="status">
          {isAsking && "Deciding…"}
        </span>
      </div>
    </form>
  );
}
