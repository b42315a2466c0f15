/**
 * The routes that a deployment brings along, as JSON (`src/policy/snapshot.ts`): none. `npm run deploy` puts the file
 * that `sy export --snapshot` wrote in the place of this module.
 */
const snapshot = "";
export default snapshot;
