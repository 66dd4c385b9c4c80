import { EXIT } from "../answers/exit_status.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { FleetAgent } from "../../fleet/fleet_agent.ts";
import { lengthFault } from "../../fleet/fleet_lengths.ts";
import { LocalThreads } from "../../fleet/host_threads.ts";
import { agentName, portsText } from "../fleet/agent_name.ts";
import { NATS_HELP, NATS_NOTE, NATS_TEXTS, natsOptions } from "../fleet/nats_flags.ts";
import { print, printJson } from "../printing/print.ts";

const HELP = `Serves the programs of this host: has them take what operators want by fleet,
and tells how they stand. It runs until it is told to end; programs need
nothing for it but to listen.

Usage: logdial agent [options]
${NATS_HELP}
  --host-name H   name of this host in the fleet (default: what the system says,
                  with --allow-sys=hostname)${TARGET_HELP}
${NATS_NOTE}

It needs no server to be there, and comes back to it by itself. Overrides end at
the host by themselves, whatever becomes of the server or the agent. It needs no
right on the server but those of examples/fleet.md. CPython's listeners get what
stays; what is to be taken back is not sent to them.

Exit status:
  0  it was told to end, by Ctrl-C or SIGTERM
  2  wrong usage

Examples:
  logdial agent --nats nats://nats.example:4222 --ports 9101-9109
  logdial agent --nats tls://nats.example --creds agent.creds --host-name web-1`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const nats = natsOptions(flags);
  const hostName = flags.texts.get("host-name") ?? systemName();
  const fault = lengthFault("host", hostName);
  if (fault !== undefined) throw new UsageError(`Cannot use --host-name: ${fault}`);
  const say = (text: string) => {
    if (flags.json) printJson({ version: 1, command: flags.command, message: text }, 0);
    else print(`logdial agent: ${text}`);
  };
  const agent = new FleetAgent(
    { ...nats, hostName, agentName: agentName(flags.targets), say },
    new LocalThreads(flags.targets),
  );
  say(`serves ports ${portsText(flags.targets)} as host ${hostName}`);
  await ending();
  await agent.close();
  return EXIT.ok;
}

/** Resolves when the process is told to end. */
async function ending(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, resolve);
  await promise;
  for (const signal of signals) Deno.removeSignalListener(signal, resolve);
}

function systemName(): string {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  const name = state === "granted" ? Deno.hostname() : "";
  if (name !== "") return name;
  throw new UsageError("Cannot run agent: name this host by --host-name, or --allow-sys=hostname");
}

/** `logdial agent`. */
export const COMMAND: Command = {
  help: HELP,
  flags: { texts: [...NATS_TEXTS, "host-name"] },
  run,
};
