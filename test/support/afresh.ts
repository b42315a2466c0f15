import { registerHooks } from "node:module";

const OURS = new URL("../..", import.meta.url).href;

let times = 0;

/**
 * What `load` imports, and whatever that imports of this checkout, evaluated anew, as in a process of its own: nothing of
 * it is shared with modules that were loaded before or are loaded later.
 */
export async function afresh<T>(load: () => Promise<T>): Promise<T> {
  times += 1;
  const mark = `?afresh=${times}`;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const isOurs = found.url.startsWith(OURS) && !found.url.includes("/node_modules/");
      return isOurs ? { ...found, url: found.url + mark } : found;
    },
  });
  try {
    return await load();
  } finally {
    hooks.deregister();
  }
}
