import { EXIT, exitStatus } from "../answers/exit_status.ts";
import { get } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import { type OtelLevels, otelLevels, otelYaml } from "../../config/otel/otel_levels.ts";
import type { Running } from "../../client/read_results.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { groupEqual, nobodyText } from "../answers/groups.ts";
import { bold, dim, print, printDocument, printJson } from "../printing/print.ts";

/** What `get --help` prints. */
export const GET_HELP: string =
  `Shows the running configuration of threads, as a .conf or as JSON; what
is the same on several threads is shown once.

Usage: logdial get [options]

  --otel          the levels as OpenTelemetry's logger_configurator, in YAML (or, with
                  --json, in JSON), which send takes
${TARGET_HELP}

Exit status: as of send.

Examples:
  logdial get --port 9001 > running.conf
  logdial get --otel --port 9001 > otel.yaml
  logdial get --json`;

/** Runs `get`. */
export async function runGet(flags: Flags): Promise<number> {
  noWords(flags);
  const isOtel = flags.switches.has("otel");
  const deliveries = (await get(flags.targets)).map((one) => isOtel ? asOtel(one) : one);
  if (flags.json) {
    printJson(deliveries);
    return exitStatus(deliveries);
  }
  for (const { label: [ports, who], deliveries: group } of groupEqual(deliveries, sameText)) {
    if (deliveries.length > 1) print(`# ${bold(ports)} ${who ?? dim("?")}`);
    const { result, error, outcome } = group[0]!;
    if (isOtel && result !== undefined) {
      printDocument(otelYaml(result as OtelLevels));
      continue;
    }
    const running = result as Running | undefined;
    if (running?.conf !== undefined) printConf(running.conf);
    else if (running !== undefined) {
      print(`# ${running.noConf}`);
      printJson(running.dict);
    } else print(`# ${error?.message ?? outcome}`);
  }
  const status = exitStatus(deliveries);
  if (status === EXIT.nobody) print(nobodyText(deliveries, flags));
  return status;
}

/** With its levels as OpenTelemetry has them, in place of the whole configuration. */
function asOtel(delivery: Delivery): Delivery {
  const running = delivery.result as Running | undefined;
  if (running === undefined) return delivery;
  return { ...delivery, result: otelLevels(running.dict) };
}

/** Threads with the same text are shown once. */
function sameText({ result, error, outcome }: Delivery): string {
  return JSON.stringify(result ?? error?.message ?? outcome);
}

/** Prints a `.conf` without its comments, which could pass for the heads of other threads. */
function printConf(conf: string): void {
  printDocument(conf.split("\n").filter((line) => !/^\s*[#;]/.test(line)).join("\n"));
}
