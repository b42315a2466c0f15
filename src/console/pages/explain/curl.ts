import { combinedFields, fieldIn } from "../../../lib/combined-fields.ts";
import { ok, refused, type Result } from "../../../lib/result.ts";
import { shellWords, type Fault } from "./shell-words.ts";

/** The request that a command would send, as far as it decides who gets what: no body. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the options have said so far. */
interface Said {
  readonly urls: string[];
  readonly fields: (readonly [name: string, value: string])[];
  method: string | undefined;
  /** Whether something is sent as a body, which makes it a POST. */
  sends: boolean;
  /** Whether what would be the body goes into the query. */
  inQuery: boolean;
  readonly data: string[];
}

/** What an option does with its value; a fault where it cannot. */
type Take = (said: Said, value: string) => Fault | undefined;

const asField =
  (name: string): Take =>
  (said, value) =>
    void said.fields.push([name, value]);

const header: Take = (said, value) => {
  if (value.startsWith("@"))
    return {
      message: `-H ${value} is a file of headers, which a page cannot read`,
      fix: "write each of its lines with -H",
    };
  // A semicolon stands for a header without a value; a colon with nothing behind it takes one away.
  const bare = /^([^:;]+);$/.exec(value)?.[1];
  const field = bare === undefined ? fieldIn(value) : ([bare.trim(), ""] as const);
  if (field === undefined)
    return { message: `"${value}" is not a header`, fix: "write -H 'name: value'" };
  if (bare !== undefined || field[1] !== "") said.fields.push(field);
  return undefined;
};

const cookie: Take = (said, value) => {
  if (!value.includes("="))
    return {
      message: `-b ${value} is a file of cookies, which a page cannot read`,
      fix: "write them: -b 'name=value; other=value'",
    };
  said.fields.push(["cookie", value]);
  return undefined;
};

const data: Take = (said, value) => {
  said.sends = true;
  said.data.push(value);
  return undefined;
};

const sends: Take = (said) => {
  said.sends = true;
  return undefined;
};

const user: Take = (said, value) => {
  const bytes = new TextEncoder().encode(value);
  said.fields.push(["authorization", `Basic ${btoa(String.fromCodePoint(...bytes))}`]);
  return undefined;
};

const nothing: Take = () => undefined;

/** Options that take a value, by both of their names. */
const VALUED = new Map<string, Take>(
  (
    [
      ["-H --header", header],
      ["-b --cookie", cookie],
      ["-A --user-agent", asField("user-agent")],
      ["-e --referer", asField("referer")],
      ["-X --request", (said, value) => void (said.method = value)],
      ["--url", (said, value) => void said.urls.push(value)],
      ["-d --data --data-raw --data-binary --data-ascii --data-urlencode", data],
      [
        "--json",
        (said, value) => {
          for (const name of ["content-type", "accept"])
            said.fields.push([name, "application/json"]);
          return data(said, value);
        },
      ],
      ["-F --form --form-string", sends],
      ["-T --upload-file", (said) => void (said.method ??= "PUT")],
      ["-u --user", user],
      // What says how to connect, how long to wait, and what to print.
      ["-o --output -w --write-out -m --max-time --connect-timeout --retry --retry-delay", nothing],
      ["-x --proxy -c --cookie-jar --cacert --cert -E --key --resolve --connect-to", nothing],
      [
        "--max-redirs --limit-rate --interface --ciphers --tls-max -D --dump-header --stderr",
        nothing,
      ],
    ] satisfies readonly (readonly [string, Take])[]
  ).flatMap(([names, take]) => names.split(" ").map((name) => [name, take] as const)),
);

/** Options without a value. */
const FLAGS = new Map<string, (said: Said) => void>(
  (
    [
      ["-I --head", (said) => void (said.method ??= "HEAD")],
      ["-G --get", (said) => void (said.inQuery = true)],
      ["--compressed", (said) => void said.fields.push(["accept-encoding", "gzip, deflate, br"])],
      ["-s --silent -S --show-error -v --verbose -i --include -k --insecure -f --fail", nothing],
      [
        "-L --location -g --globoff -N --no-buffer -O --remote-name -J --remote-header-name",
        nothing,
      ],
      ["-0 -1 -4 -6 -# --http1.0 --http1.1 --http2 --http3 --tlsv1.2 --tlsv1.3 --ipv4", nothing],
      [
        "--ipv6 --progress-bar --path-as-is --fail-with-body --no-progress-meter -n --netrc",
        nothing,
      ],
      ["--tcp-nodelay --no-keepalive --location-trusted --raw --http2-prior-knowledge", nothing],
    ] satisfies readonly (readonly [string, (said: Said, value: string) => unknown])[]
  ).flatMap(([names, take]) =>
    names.split(" ").map((name) => [name, (said: Said) => void take(said, "")] as const),
  ),
);

/** Takes one word that begins with a dash; gives back whether the next word is its value too. */
function option(said: Said, word: string, next: string | undefined): Fault | boolean {
  const name = word.startsWith("--") ? word : word.slice(0, 2);
  const attached = word.slice(name.length);
  const flag = FLAGS.get(name);
  if (flag !== undefined) {
    flag(said);
    // Flags of one letter stand together: -sSL.
    return attached === "" ? false : option(said, `-${attached}`, next);
  }
  const take = VALUED.get(name);
  if (take === undefined)
    return {
      message: `the option ${name} is not known here`,
      fix: "take it out: who gets what depends on the URL, the method and the headers",
    };
  const value = attached === "" ? next : attached;
  if (value === undefined)
    return { message: `the option ${name} has no value`, fix: "copy the whole command" };
  return take(said, value) ?? attached === "";
}

const NOT_CURL: Fault = {
  message: "this is not a curl command",
  fix: "begin it with curl, as your browser's “Copy as cURL (bash)” does",
};

/** The URL as curl asks for it: http where it has no scheme, and what -G moves there behind it. */
function urlOf(url: string, { inQuery, data: pieces }: Said): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  if (!inQuery || pieces.length === 0) return whole;
  return whole + (whole.includes("?") ? "&" : "?") + pieces.join("&");
}

/** Whether a text is meant as a command, and not as a URL. */
export const isCurl = (text: string): boolean => /^\s*(?:\$\s+)?curl(?:\.exe)?(?:\s|$)/.test(text);

/** Reads a curl command as a shell and curl do, as far as both say which request is sent. Pure. */
export function parseCurl(text: string): Result<CurlRequest, Fault> {
  if (!isCurl(text)) return refused(NOT_CURL);
  if (/\^\s*\r?\n|\^"/.test(text))
    return refused({
      message: "this is quoted for the command prompt of Windows",
      fix: "copy it as cURL (bash)",
    });
  const read = shellWords(text.trim().replace(/^\$\s+/, ""));
  if (!read.ok) return read;
  const words = read.value.slice(1);
  const said: Said = {
    urls: [],
    fields: [],
    method: undefined,
    sends: false,
    inQuery: false,
    data: [],
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (word === "-" || !word.startsWith("-")) {
      said.urls.push(word);
      continue;
    }
    const taken = option(said, word, words[at + 1]);
    if (typeof taken === "object") return refused(taken);
    if (taken) at += 1;
  }
  const [url] = said.urls;
  if (url === undefined)
    return refused({ message: "the command has no URL", fix: "add it: curl https://…" });
  if (said.urls.length > 1)
    return refused({
      message: `the command has ${said.urls.length} URLs: ${said.urls.slice(0, 3).join(", ")}`,
      fix: "leave the one that you want to know of; values of headers stand in quotes",
    });
  return ok({
    url: urlOf(url, said),
    method: said.method ?? (said.sends && !said.inQuery ? "POST" : "GET"),
    headers: combinedFields(said.fields),
  });
}
