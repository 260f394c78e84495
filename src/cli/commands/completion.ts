/**
 * `topple completion bash|zsh|fish`: a script for the shell, made from the same tables and option
 * declarations as the help. It completes commands, options, the choices of options, and file names.
 */
import type { Command } from "commander";
import type { CommandModule } from "../command.js";
import { commands } from "../commands.js";
import { declareCommand } from "../declare-command.js";
import { EXIT } from "../exit-codes.js";
import { UsageError } from "../problems.js";
import type { World } from "../world.js";

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly names: readonly string[];
    readonly summary: string;
    readonly takesValue: boolean;
  }[];
}

const SHELLS: Readonly<Record<string, (all: readonly Described[]) => string>> = { bash, zsh, fish };

export const completionCommand: CommandModule = {
  declare(command) {
    command.argument("<shell>", Object.keys(SHELLS).join(", "));
    command.addHelpText(
      "after",
      `
bash: topple completion bash > ~/.local/share/bash-completion/completions/topple
zsh:  topple completion zsh > "\${fpath[1]}/_topple"
fish: topple completion fish > ~/.config/fish/completions/topple.fish
`,
    );
  },
  async run([shell = ""], _options, world) {
    const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (write === undefined)
      throw new UsageError(`No completion for "${shell}"; there is ${Object.keys(SHELLS).join(", ")}.`);
    await world.stdout.write(write(await describeAll(world)));
    return EXIT.fine;
  },
};

async function describeAll(world: World): Promise<Described[]> {
  return await Promise.all(
    commands.map(async (entry) => ({
      name: entry.name,
      summary: entry.summary,
      flags: flagsOf(declareCommand(entry, await entry.load(), world)),
    })),
  );
}

function flagsOf(command: Command): Described["flags"] {
  return command.options.map((option) => ({
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    summary: option.description,
    takesValue: option.required || option.optional,
  }));
}

function bash(all: readonly Described[]): string {
  const cases = all.map(
    ({ name, flags }) => `    ${name}) words="${flags.flatMap(({ names }) => names).join(" ")}" ;;`,
  );
  return `# topple completion for bash
_topple() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words="" command="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) command="$word"; break ;; esac
  done
  case "$command" in
    "") words="${all.map(({ name }) => name).join(" ")} --help --version" ;;
${cases.join("\n")}
  esac
  if [ "$command" = help ]; then words="$words ${all.map(({ name }) => name).join(" ")} codes exit-codes time"; fi
  if [ "$command" = completion ]; then words="$words bash zsh fish"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$current" in -*) ;; *) COMPREPLY+=($(compgen -f -- "$current")) ;; esac
}
complete -o filenames -F _topple topple
`;
}

function zsh(all: readonly Described[]): string {
  const cases = all.map(({ name, flags }) => {
    const specs = flags.flatMap((flag) =>
      flag.names.map(
        (each) => `      ${quote(`*${each}[${bracket(flag.summary)}]${flag.takesValue ? ":value:_files" : ""}`)}`,
      ),
    );
    return `    ${name})\n      _arguments -S \\\n${[...specs, `      '*:graph:_files'`].join(" \\\n")}\n      ;;`;
  });
  const list = all.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`);
  return `#compdef topple
# topple completion for zsh
_topple() {
  local -a commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _files
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
    *) _files ;;
  esac
}
_topple "$@"
`;
}

function fish(all: readonly Described[]): string {
  const lines = all.flatMap(({ name, summary, flags }) => [
    `complete -c topple -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...flags.map((flag) => {
      const names = flag.names.map((each) => (each.startsWith("--") ? `-l ${each.slice(2)}` : `-s ${each.slice(1)}`));
      return `complete -c topple -n '__fish_seen_subcommand_from ${name}' ${names.join(" ")}${flag.takesValue ? " -r" : ""} -d ${quote(flag.summary)}`;
    }),
  ]);
  return `# topple completion for fish\n${lines.join("\n")}\n`;
}

/** One word for any of the three shells. */
function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** Text inside the brackets of a zsh option: its own marks are escaped. */
function bracket(text: string): string {
  return text.replace(/[[\]:\\]/g, "\\$&");
}
