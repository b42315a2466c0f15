import { strictObject } from "../../lib/strict-object.ts";
import { colourAt, formsOf, lastCutOver, madeBy, other } from "./colours.ts";
import { done, nothing, refuse, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

/**
 * Calls a cut-over to come off; after one, goes back at once to the colour before it. Going back
 * twice is going back once, and where there never was a cut-over there is nothing to go back to.
 */
export const switchBack: ActionDefinition<"blue-green", Node> = {
  fits: "blue-green",
  parameters: strictObject({ node }, "switch back"),
  act(policy, _parameters, { now, past = [], pointer }) {
    const { next, ...rest } = policy;
    const again = () => nothing(policy, `"${policy.active}" serves again already`);
    const forms = formsOf(past, pointer);
    if (madeBy(forms) === "switch-back") return again();
    // To come, it is called off; past, the policy itself tells the colour before it.
    if (next !== undefined && next.active !== policy.active) return done(rest);
    const last = lastCutOver(forms, now);
    if (last === undefined)
      return refuse(
        "there was no switch to go back from, as far as the history tells",
        'name the colour that is to serve: switch, with "to"',
      );
    return last === "switch-back"
      ? again()
      : done({ ...rest, active: other(colourAt(policy, now)) });
  },
};
