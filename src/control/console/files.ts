/** What is served under a path of the console. */
export interface Served {
  /** The file among the assets. */
  readonly file: string;
  /** `page` leads whoever is not known to sign in; `asset` is refused to them; both `public` ones are everybody's. */
  readonly kind: "page" | "asset" | "public page" | "public asset";
}

/** Where people prove who they are. */
export const SIGN_IN_PATH = "/sign-in";

/** The pages, all made of one document: `:key` stands for one segment. */
const PAGES = /^\/(?:explain|routes\/[^/]+(?:\/(?:change|edit|results|history))?)?$/;

/** A file of the build, its name as it is: one that could be spelt otherwise is none. */
const ASSET = /^\/assets\/(public\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** What a path of the console leads to; `undefined` for any other path. */
export function servedAt(pathname: string): Served | undefined {
  if (pathname === SIGN_IN_PATH) return { file: "/sign-in.html", kind: "public page" };
  if (PAGES.test(pathname)) return { file: "/index.html", kind: "page" };
  const asset = ASSET.exec(pathname);
  if (asset === null) return undefined;
  return { file: pathname, kind: asset[1] === undefined ? "asset" : "public asset" };
}
