import type { RequestDescription } from "../../../decide/request-description.ts";
import { combinedFields, fieldIn } from "../../../lib/combined-fields.ts";
import { ok, refused, type Result } from "../../../lib/result.ts";
import { isCurl, parseCurl } from "./curl.ts";
import type { Fault } from "./shell-words.ts";

/** What the form holds, as it is written. */
export interface Form {
  /** A URL, or a whole curl command. */
  readonly request: string;
  readonly method: string;
  /** Lines `name: value`. */
  readonly headers: string;
  readonly country: string;
  readonly visitor: string;
  /** A local time as `datetime-local` writes it; empty for now. */
  readonly at: string;
  /** A route's key; empty for whichever the request leads to. */
  readonly route: string;
  /** Of the route; empty for the newest. */
  readonly version: string;
}

export const EMPTY: Form = {
  request: "",
  method: "",
  headers: "",
  country: "",
  visitor: "",
  at: "",
  route: "",
  version: "",
};

/** What the API is asked. */
export interface Asked {
  readonly request: RequestDescription;
  readonly route: { readonly key: string; readonly version?: number } | undefined;
}

function fieldsIn(text: string): Result<[string, string][], Fault> {
  const fields: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const field = fieldIn(line);
    if (field === undefined)
      return refused({
        message: `"${line}" is not a header`,
        fix: "write name: value, one a line",
      });
    fields.push([...field]);
  }
  return ok(fields);
}

function sentBy({ request, method, headers }: Form): Result<RequestDescription, Fault> {
  const own = fieldsIn(headers);
  if (!own.ok) return own;
  if (!isCurl(request)) {
    const text = request.trim();
    if (text === "") return refused({ message: "there is no request", fix: "write its URL" });
    // As an address bar takes it.
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
    const fields = combinedFields(own.value);
    return ok({
      url,
      ...(method !== "" && { method }),
      ...(own.value.length > 0 && { headers: fields }),
    });
  }
  const command = parseCurl(request);
  if (!command.ok) return command;
  const { value } = command;
  const fields = combinedFields([...Object.entries(value.headers), ...own.value]);
  return ok({ url: value.url, method: method === "" ? value.method : method, headers: fields });
}

/** What a filled form asks for, or what is wrong with it. Only what the server cannot know is judged here. */
export function askedBy(form: Form): Result<Asked, Fault> {
  const sent = sentBy(form);
  if (!sent.ok) return sent;
  const { country, visitor, at, route, version } = form;
  const number = Number(version);
  if (version !== "" && (!Number.isSafeInteger(number) || number < 1))
    return refused({
      message: `"${version}" is not a version`,
      fix: "write a whole number from 1 on",
    });
  if (version !== "" && route.trim() === "")
    return refused({ message: "a version needs its route", fix: "write the route's key" });
  return ok({
    request: {
      ...sent.value,
      ...(country.trim() !== "" && { country: country.trim() }),
      ...(visitor.trim() !== "" && { visitor: visitor.trim() }),
      ...(at !== "" && { at: new Date(at).toISOString() }),
    },
    route:
      route.trim() === ""
        ? undefined
        : { key: route.trim(), ...(version !== "" && { version: number }) },
  });
}
