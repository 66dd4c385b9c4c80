import type { Command } from "../arguments/command.ts";
import { EXIT } from "../answers/exit_status.ts";
import { type Flags, oneWord } from "../arguments/flags.ts";
import { COMMAND_LIST } from "./command_list.ts";
import { printDocument } from "../printing/print.ts";
import { UsageError } from "../arguments/usage_error.ts";

const HELP = `Prints a completion script for a shell: commands, the options of each, levels,
and the loggers and threads of what listens.

Usage: logdial completions SHELL

  SHELL           bash, zsh or fish
  --help          this text

The script calls logdial by that name, as "deno install -n logdial" gives it.

Exit status:
  0  the script is printed
  2  wrong usage

Examples:
  source <(logdial completions bash)
  logdial completions zsh > ~/.zsh/_logdial   (where fpath has ~/.zsh)
  logdial completions fish > ~/.config/fish/completions/logdial.fish`;

function run(flags: Flags): Promise<number> {
  const shell = oneWord(flags, "a shell: bash, zsh or fish");
  const script = SCRIPTS.get(shell);
  if (script === undefined) {
    throw new UsageError(`Cannot complete for "${shell}": known are bash, zsh and fish`);
  }
  printDocument(script);
  return Promise.resolve(EXIT.ok);
}

const COMMANDS = [...COMMAND_LIST.map(({ name }) => name), "help"].join(" ");

/*
 * Each of the scripts knows the names of the commands. It gives longer lines, up to the cursor, to
 * `logdial complete`, which prints what could be there, a line each, and `:files` where files could
 * be.
 */

const BASH = `_logdial() {
  local word="\${COMP_WORDS[COMP_CWORD]}" found start=""
  local line="\${COMP_WORDS[*]:0:COMP_CWORD + 1}"
  line="\${line// = /=}"
  [ -n "$COMP_LINE" ] && line="\${COMP_LINE:0:COMP_POINT}"
  if [ "$COMP_CWORD" -eq 1 ] && [[ "$word" != -* ]]; then
    COMPREPLY=($(compgen -W "${COMMANDS}" -- "$word"))
    return
  fi
  # Of a word like root=DEBUG, bash replaces what is behind the last of its word breaks.
  # The word may have blanks in it, quoted.
  local raw="\${line%"$word"}"
  [[ "$word" == [=:] || "$raw" == "$line" ]] && raw="$line"
  raw="\${raw##*[[:space:]]}"
  [[ "$raw" == *[=:]* && "$COMP_WORDBREAKS" == *=* ]] && start="\${raw%"\${raw##*[=:]}"}"
  while IFS= read -r found; do
    if [ "$found" = :files ]; then
      compopt -o filenames 2> /dev/null
      while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -f -- "$word")
      continue
    fi
    [[ "$found" == *= ]] && compopt -o nospace 2> /dev/null
    found="\${found#"$start"}"
    # Within quotes it is inserted as it is.
    [[ "$word" == [\\'\\"]* ]] || printf -v found %q "$found"
    COMPREPLY+=("$found")
  done < <(logdial complete "$line" 2> /dev/null)
}
complete -F _logdial logdial`;

const ZSH = `#compdef logdial
_logdial() {
  local found
  if (( CURRENT == 2 )) && [[ "$PREFIX" != -* ]]; then
    compadd -- ${COMMANDS}
    return
  fi
  for found in "\${(@f)$(logdial complete "\${(j: :)words[1,CURRENT]}" 2> /dev/null)}"; do
    case "$found" in
      :files) _files ;;
      *=) compadd -S '' -- "$found" ;;
      ?*) compadd -M 'm:{a-z}={A-Z}' -- "$found" ;;
    esac
  done
}
# As a file of fpath it is run by the first completion, which is to be answered.
if [[ "$funcstack[1]" == _logdial ]]; then _logdial "$@"; else compdef _logdial logdial; fi`;

const FISH = `function __logdial_complete
  logdial complete (commandline -cp) 2> /dev/null | string match -v :files
end
complete -c logdial -f
complete -c logdial -n __fish_use_subcommand -a '${COMMANDS}'
complete -c logdial -n __fish_use_subcommand -l help -d 'what commands there are'
complete -c logdial -n __fish_use_subcommand -l version
complete -c logdial -n 'not __fish_use_subcommand' -a '(__logdial_complete)'
complete -c logdial -n '__fish_seen_subcommand_from send diff check' -F`;

const SCRIPTS: ReadonlyMap<string, string> = new Map([["bash", BASH], ["zsh", ZSH], [
  "fish",
  FISH,
]]);

/** `logdial completions`. */
export const COMMAND: Command = { help: HELP, flags: { isLocal: true, isOfOneForm: true }, run };
