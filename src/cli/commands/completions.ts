import { COMMON_OPTIONS, type Flags, oneWord, optionsOf } from "../arguments/flags.ts";
import { COMMAND_LIST } from "./command_list.ts";
import { DUMP_FLAGS } from "./dump.ts";
import { RECORD_FLAGS } from "./record.ts";
import { SET_FLAGS } from "./set.ts";
import { TAIL_FLAGS } from "./tail.ts";
import { printDocument } from "../printing/print.ts";
import { UsageError } from "../arguments/usage_error.ts";

/** What `completions --help` prints. */
export const COMPLETIONS_HELP: string = `Prints a completion script for a shell.

Usage: logdial completions SHELL

  SHELL           bash, zsh or fish

Examples:
  source <(logdial completions bash)
  logdial completions fish > ~/.config/fish/completions/logdial.fish`;

const COMMANDS = COMMAND_LIST.map(({ name }) => name);
const OPTIONS = [
  ...COMMON_OPTIONS,
  ...new Set([SET_FLAGS, TAIL_FLAGS, RECORD_FLAGS, DUMP_FLAGS].flatMap(optionsOf)),
];

/** Runs `completions`. */
export function runCompletions(flags: Flags): Promise<number> {
  const shell = oneWord(flags, "a shell: bash, zsh or fish");
  const script = SCRIPTS.get(shell);
  if (script === undefined) {
    throw new UsageError(`Cannot complete for "${shell}": known are bash, zsh and fish`);
  }
  printDocument(script());
  return Promise.resolve(0);
}

const SCRIPTS = new Map<string, () => string>([
  ["bash", bash],
  // zsh reads bash's completions.
  ["zsh", () => `autoload -U +X bashcompinit && bashcompinit\n${bash()}`],
  ["fish", fish],
]);

function bash(): string {
  const options = OPTIONS.map((option) => `--${option}`).join(" ");
  return `_logdial() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${COMMANDS.join(" ")}" -- "$word"))
  elif [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "${options}" -- "$word"))
  else
    case "\${COMP_WORDS[1]}" in
      send|diff|check) COMPREPLY=($(compgen -f -W "debug info error" -- "$word")) ;;
      completions) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
    esac
  fi
}
complete -o filenames -F _logdial logdial`;
}

function fish(): string {
  const lines = COMMANDS.map((command) =>
    `complete -c logdial -n __fish_use_subcommand -f -a ${command}`
  );
  for (const option of OPTIONS) lines.push(`complete -c logdial -l ${option}`);
  lines.push(
    `complete -c logdial -n '__fish_seen_subcommand_from completions' -f -a 'bash zsh fish'`,
  );
  return lines.join("\n");
}
