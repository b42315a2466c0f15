/** The release of all that is in this repository, as package.json has it too. */
export const RELEASE = "0.1.0";

const numbersOf = (release: string): number[] | undefined =>
  /^\d{1,9}(?:\.\d{1,9}){2}$/.test(release) ? release.split(".").map(Number) : undefined;

/** How one release stands to another: negative where it is older, 0 where it is the same, `undefined` where that cannot be told. */
export function compareReleases(one: string, other: string): number | undefined {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  if (a === undefined || b === undefined) return one === other ? 0 : undefined;
  for (const [at, number] of a.entries()) {
    const difference = number - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
