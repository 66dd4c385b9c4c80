import { AgentBudget, MOST_LINES as USUAL_MOST_LINES, MOST_MS } from "../mcp/agent_budget.ts";
import { McpServer } from "../mcp/mcp_server.ts";
import { RpcServer } from "../mcp/rpc_server.ts";
import { serveStdio } from "../mcp/serve_stdio.ts";
import { MOST_LINES } from "../../config/text/extension_words.ts";
import { EXIT } from "../answers/exit_status.ts";
import type { Command } from "../arguments/command.ts";
import { duration, type Flags, noWords, TARGET_HELP, wholeNumber } from "../arguments/flags.ts";
import { senderOptions } from "../arguments/sender.ts";

const HELP = `Serves agents: the Model Context Protocol on stdin and stdout, for a client that
starts it.

Usage: logdial mcp [options]

  --read-only     no tool that changes anything
  --max-for TIME  longest that a change of an agent may last (default 1h)
  --max-lines N   most lines that a process may log only thanks to one
                  (default 100000)${TARGET_HELP.replace(/\n {2}--json .*/, "")}

Its tools are status, loggers, why, history, tail and dump, which change
nothing, and set, record, rollback and reset. What set and record change is
taken back by itself: after 10m, and of set after 10000 lines, unless the agent
asks for less or, up to the options above, for more. history tells which agent
it was. What programs have logged reaches the agent as quoted data. --name,
--pid and --app narrow what it can reach.

Exit status:
  0  the client has gone
  1  the client can neither be read nor answered any more
  2  wrong usage

Examples:
  claude mcp add logdial -- logdial mcp
  logdial mcp --app shop --max-for 15m`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const { texts, switches, targets } = flags;
  const time = texts.get("max-for"), lines = texts.get("max-lines");
  const budget = new AgentBudget(
    time === undefined ? MOST_MS : duration("max-for", time),
    lines === undefined ? USUAL_MOST_LINES : wholeNumber("--max-lines", lines, MOST_LINES),
  );
  const isReadOnly = switches.has("read-only"), user = senderOptions(flags).by;
  const server = new RpcServer(new McpServer({ targets, budget, isReadOnly, user }));
  await serveStdio(server);
  return EXIT.ok;
}

/** `logdial mcp`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { texts: ["max-for", "max-lines"], switches: ["read-only"], isOfOneForm: true },
  run,
};
