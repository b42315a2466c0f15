import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { note, print, printJson } from "../io.ts";
import { JSON_OPTION, PRIVATE_OPTION } from "../options.ts";
import { DEFAULT_POLICIES, settingsFor } from "../settings.ts";
import { readPolicies } from "../source/files.ts";
import { renderIssues, renderWarnings, warningsIn } from "../source/report.ts";
import { style } from "../text/style.ts";

const counted = (count: number): string => `${count} ${count === 1 ? "policy" : "policies"}`;

export const validate = command({
  name: "validate",
  description: "Check policy files, without a server",
  args: {
    path: {
      type: "positional",
      required: false,
      description: "A file or a folder, JSON or YAML (default: the folder of the settings)",
    },
    ...PRIVATE_OPTION,
    ...JSON_OPTION,
  },
  run: async ({ args, io }) => {
    const { settings } = await settingsFor(io.cwd);
    const files = await readPolicies(args.path ?? settings.policies ?? DEFAULT_POLICIES, io.cwd, {
      allowPrivateOrigins: args["allow-private"] ?? settings.allowPrivateOrigins ?? false,
      originBindings: settings.originBindings,
    });
    const bad = files.filter((one) => !one.ok);
    if (args.json === true) {
      printJson(io, {
        ok: bad.length === 0,
        files: files.map((one) => ({
          file: one.file,
          key: one.key ?? null,
          ok: one.ok,
          issues: one.ok ? [] : one.issues,
          warnings: warningsIn(one),
        })),
      });
    } else {
      print(io, ...renderIssues(io, files));
      for (const line of renderWarnings(io, files)) note(io, line);
      print(
        io,
        bad.length === 0
          ? style(io, "green", `${counted(files.length)} valid`)
          : style(io, "red", `${bad.length} of ${counted(files.length)} not valid`),
      );
    }
    return bad.length === 0 ? EXIT.ok : EXIT.failed;
  },
});
