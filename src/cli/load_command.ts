import type { Command } from "./arguments/command.ts";
import type { CommandName } from "./commands/command_list.ts";

/** Loads each command's module; only the one that runs, since loading is most of a command's time. */
const LOADERS: Readonly<Record<CommandName, () => Promise<{ readonly COMMAND: Command }>>> = {
  send: () => import("./commands/send.ts"),
  set: () => import("./commands/set.ts"),
  status: () => import("./commands/status.ts"),
  loggers: () => import("./commands/loggers.ts"),
  why: () => import("./commands/why.ts"),
  record: () => import("./commands/record.ts"),
  dump: () => import("./commands/dump.ts"),
  get: () => import("./commands/get.ts"),
  diff: () => import("./commands/diff.ts"),
  check: () => import("./commands/check.ts"),
  top: () => import("./commands/top.ts"),
  tail: () => import("./commands/tail.ts"),
  history: () => import("./commands/history.ts"),
  rollback: () => import("./commands/rollback.ts"),
  reset: () => import("./commands/reset.ts"),
  mcp: () => import("./commands/mcp.ts"),
  web: () => import("./commands/web.ts"),
  agent: () => import("./commands/agent.ts"),
  fleet: () => import("./commands/fleet.ts"),
  completions: () => import("./commands/completions.ts"),
};

/** Loads a command. */
export async function loadCommand(name: CommandName): Promise<Command> {
  return (await LOADERS[name]()).COMMAND;
}
