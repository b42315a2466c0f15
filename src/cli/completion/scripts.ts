import type { Completed } from "./table.ts";

const HEAD = (shell: string) => `# Completes sy in ${shell}; made by: sy completion ${shell}`;

/** What follows these commands is one of a few words. */
const WORDS: Readonly<Record<string, string>> = {
  token: "create list",
  completion: "bash zsh fish",
};

const longs = ({ options }: Completed): string => options.map(({ long }) => `--${long}`).join(" ");

function bash(commands: readonly Completed[]): string {
  const cases = commands.map((one) => {
    const words = WORDS[one.name];
    return `    ${one.name}) options="${longs(one)}"; words="${words ?? ""}" ;;`;
  });
  return `${HEAD("bash")}
_sy() {
  local current=\${COMP_WORDS[COMP_CWORD]} options="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) [ -n "$words" ] && [ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  esac
}
complete -o default -F _sy sy
`;
}

/** A word of zsh's, whatever stands in it. */
const zshWord = (name: string, description: string): string =>
  `'${`${name.replaceAll(":", "\\:")}:${description}`.replaceAll("'", "'\\''")}'`;

function zsh(commands: readonly Completed[]): string {
  const names = commands.map(({ name, description }) => `    ${zshWord(name, description)}`);
  const cases = commands.map((one) => {
    const options = one.options.map(({ long, description }) => zshWord(`--${long}`, description));
    const words = WORDS[one.name];
    return `    ${one.name}) options=(${options.join(" ")}); words_=(${words ?? ""}) ;;`;
  });
  return `#compdef sy
${HEAD("zsh")}
_sy() {
  local -a commands options words_
  commands=(
${names.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
  if [[ "$words[CURRENT]" == -* ]]; then
    _describe option options
  elif (( CURRENT == 3 && \${#words_} > 0 )); then
    compadd -- $words_
  else
    _files
  fi
}
compdef _sy sy
`;
}

const fishWord = (text: string): string =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, description, options }) => {
    const after = `complete -c sy -n '__fish_seen_subcommand_from ${name}'`;
    const words = WORDS[name];
    return [
      `complete -c sy -f -n __fish_use_subcommand -a ${name} -d ${fishWord(description)}`,
      ...(words === undefined ? [] : [`${after} -f -a '${words}'`]),
      ...options.map(
        ({ long, short, description: about, takesValue }) =>
          `${after} -l ${long}${short === undefined ? "" : ` -s ${short}`}${takesValue ? " -r" : ""} -d ${fishWord(about)}`,
      ),
    ];
  });
  return `${HEAD("fish")}\n${lines.join("\n")}\n`;
}

/** The shells whose completions are made. */
export const SHELLS = { bash, zsh, fish } as const;
