import { QUESTION_EXITS } from "../answers/exit_status.ts";
import { get } from "../../client/commands.ts";
import type { Delivery } from "../../client/request.ts";
import { type OtelLevels, otelLevels, otelYaml } from "../../config/otel/otel_levels.ts";
import type { Running } from "../../client/read_results.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { reportAnswers } from "../answers/report_answers.ts";
import { print, printDocument, printJson } from "../printing/print.ts";

const HELP = `Shows the running configuration of threads, as a .conf or as JSON; what
is the same on several threads is shown once.

Usage: logdial get [options]

  --otel          the levels as OpenTelemetry's logger_configurator, in YAML
                  (with --json in JSON), which send takes
${TARGET_HELP}

${QUESTION_EXITS}

Examples:
  logdial get --port 9001 > running.conf
  logdial get --otel --port 9001 > otel.yaml
  logdial get --json`;

async function run(flags: Flags): Promise<number> {
  noWords(flags);
  const isOtel = flags.switches.has("otel");
  const deliveries = (await get(flags.targets)).map((one) => isOtel ? asOtel(one) : one);
  const look = { head: "# ", isBareAlone: true, show: isOtel ? showOtel : show };
  return await reportAnswers(deliveries, flags, look);
}

/** The delivery with its levels in OpenTelemetry's format in place of the whole configuration. */
function asOtel(delivery: Delivery): Delivery {
  const running = delivery.result as Running | undefined;
  if (running === undefined) return delivery;
  return { ...delivery, result: otelLevels(running.dict) };
}

function showOtel({ result }: Delivery): void {
  printDocument(otelYaml(result as OtelLevels));
}

function show({ result }: Delivery): void {
  const { conf, noConf, dict } = result as Running;
  if (conf !== undefined) return printConf(conf);
  print(`# ${noConf}`);
  printJson(dict);
}

/** Prints a `.conf` without its comments, which could pass for the heads of other threads. */
function printConf(conf: string): void {
  printDocument(conf.split("\n").filter((line) => !/^\s*[#;]/.test(line)).join("\n"));
}

/** `logdial get`. */
export const COMMAND: Command = { help: HELP, flags: { switches: ["otel"] }, run };
