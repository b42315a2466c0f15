import type { Access } from "../../api/client/ask.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { examine, examineRelease, type Wanted } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";
import { EXIT, usage } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { style } from "../text/style.ts";

const SIGNS = {
  ok: ["green", "ok   "],
  hint: ["yellow", "hint "],
  wrong: ["red", "wrong"],
} as const;

/** As wide as the longest name of a part. */
const PART_WIDTH = 8;

function render(io: Io, { part, level, what, fix }: Finding): string[] {
  const [colour, sign] = SIGNS[level];
  const line = `${style(io, colour, sign)}  ${part.padEnd(PART_WIDTH)}  ${what}`;
  return fix === undefined
    ? [line]
    : [line, `${" ".repeat(PART_WIDTH + 9)}${style(io, "dim", fix)}`];
}

function pageOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  throw usage(`"${text}" is not a page of a gateway`, "write --gateway https://shop.example.com/");
}

async function found(access: Access, isRelease: boolean, wanted: Wanted): Promise<Finding[]> {
  return isRelease ? examineRelease(access) : examine(access, wanted);
}

export const doctor = command({
  name: "doctor",
  description: "Look whether all works together, and say of each fault what mends it",
  args: {
    gateway: {
      type: "string",
      description: "A page of the gateway to ask for (default: front pages of the first routes)",
      valueHint: "url",
    },
    all: { type: "boolean", description: "Look at all routes, not at the first 200" },
    free: { type: "boolean", description: "Say too what the free plan has no room for" },
    release: {
      type: "boolean",
      description:
        "Only whether every stored policy is valid under this release, before it is deployed",
    },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const gateway = pageOf(args.gateway);
    const access = await accessFor(io, args);
    const wanted = { gateway, all: args.all === true, isFree: args.free === true, now: io.now };
    const findings = await found(access, args.release === true, wanted);
    const count = (level: Finding["level"]) => findings.filter((one) => one.level === level).length;
    const isWell = count("wrong") === 0;
    if (args.json === true) printJson(io, { ok: isWell, findings });
    else {
      for (const finding of findings) print(io, ...render(io, finding));
      print(io, `${count("wrong")} wrong, ${count("hint")} to think about`);
    }
    return isWell ? EXIT.ok : EXIT.failed;
  },
});
