/** The two documents anybody may read where the API is on: they say no more than the source does. */
export function readDocument(_request: Request): Response | undefined {
  return undefined;
}
