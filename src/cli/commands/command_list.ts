/** The commands in the order of the help: their names, what they take, and what they do. */
export const COMMAND_LIST = [
  { name: "status", takes: "", does: "shows the threads that listen, and their levels" },
  { name: "loggers", takes: "", does: "shows the loggers that there are" },
  { name: "top", takes: "", does: "shows it all on one screen, and turns levels by keys" },
  { name: "web", takes: "", does: "shows it all on a page in the browser, and turns levels" },
  { name: "set", takes: "LOGGER=LEVEL …", does: "sets levels" },
  { name: "send", takes: "FILE", does: "sends a configuration to every thread that listens" },
  { name: "rollback", takes: "[N]", does: "takes back the last changes" },
  { name: "reset", takes: "", does: "goes back to what the programs had set up" },
  { name: "why", takes: "LOGGER LEVEL", does: "tells what would become of a record" },
  { name: "tail", takes: "", does: "shows records of running threads below their own level" },
  { name: "record", takes: "LOGGER=LEVEL …", does: "keeps the last records of loggers in memory" },
  { name: "dump", takes: "", does: "shows what is kept, also of threads that hang or ended" },
  { name: "history", takes: "", does: "shows the changes of the past" },
  { name: "get", takes: "", does: "shows the running configuration" },
  { name: "diff", takes: "FILE", does: "shows what a configuration would change" },
  { name: "check", takes: "FILE", does: "checks a configuration, sending nothing" },
  { name: "mcp", takes: "", does: "serves agents (Model Context Protocol on stdio)" },
  { name: "agent", takes: "", does: "serves this host's programs in a fleet" },
  { name: "fleet", takes: "status|set|…", does: "turns levels on many hosts" },
  { name: "completions", takes: "SHELL", does: "prints a completion script" },
] as const;

/** The name of a command. */
export type CommandName = typeof COMMAND_LIST[number]["name"];

/** Whether there is a command of that name. */
export function isCommand(name: string): name is CommandName {
  return COMMAND_LIST.some((one) => one.name === name);
}
