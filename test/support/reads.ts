/**
 * How often some work reads a JSON value: each look at a field, and each field of a list of all of
 * them. Counted, not timed, so that a busy machine changes nothing.
 */
export function reads(value: unknown, work: (watched: unknown) => unknown): number {
  let count = 0;
  const seen = new WeakMap<object, object>();
  const watch = (one: unknown): unknown => {
    if (typeof one !== "object" || one === null) return one;
    const known = seen.get(one);
    if (known !== undefined) return known;
    const watched = new Proxy(one, {
      get(target, name, receiver) {
        count += 1;
        return watch(Reflect.get(target, name, receiver));
      },
      ownKeys(target) {
        const keys = Reflect.ownKeys(target);
        count += keys.length;
        return keys;
      },
    });
    seen.set(one, watched);
    return watched;
  };
  work(watch(value));
  return count;
}
