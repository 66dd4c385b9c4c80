/** The commands in the order of the help: their names, what they take, and what they do. */
export const COMMAND_LIST = [
  { name: "send", takes: "FILE", does: "sends a configuration to every thread that listens" },
  { name: "set", takes: "LOGGER=LEVEL …", does: "sets levels" },
  { name: "status", takes: "", does: "shows the threads that listen, and their levels" },
  { name: "loggers", takes: "", does: "shows the loggers that there are" },
  { name: "why", takes: "LOGGER LEVEL", does: "tells what would become of a record" },
  { name: "get", takes: "", does: "shows the running configuration" },
  { name: "diff", takes: "FILE", does: "shows what a configuration would change" },
  { name: "check", takes: "FILE", does: "checks a configuration, sending nothing" },
  { name: "top", takes: "", does: "shows threads and loggers as they are, and turns them by keys" },
  { name: "tail", takes: "", does: "shows records of running threads below their own level" },
  { name: "record", takes: "LOGGER=LEVEL …", does: "keeps the last records of loggers in memory" },
  { name: "dump", takes: "", does: "shows what is kept, of threads that hang or have ended too" },
  { name: "history", takes: "", does: "shows the changes of the past" },
  { name: "rollback", takes: "[N]", does: "takes back the last changes" },
  { name: "reset", takes: "", does: "goes back to what the programs had set up" },
  { name: "mcp", takes: "", does: "serves agents (Model Context Protocol on stdio)" },
  { name: "web", takes: "", does: "shows all of it on a page in the browser" },
  { name: "completions", takes: "SHELL", does: "prints a completion script" },
] as const;

/** The name of a command. */
export type CommandName = typeof COMMAND_LIST[number]["name"];

/** Whether there is a command of that name. */
export function isCommand(name: string): name is CommandName {
  return COMMAND_LIST.some((one) => one.name === name);
}
