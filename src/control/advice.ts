/** What can be done where a route's ledger takes no edits: the gateway serves whatever KV has. */
export const WITHOUT_LEDGER =
  "repeat with the same Idempotency-Key; where it does not help and must not wait, put the policy to KV by hand " +
  "(npx wrangler kv key put --binding ROUTING_CONFIG KEY --path FILE), and adopt it here later";
