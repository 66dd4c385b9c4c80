import { QUESTION_EXITS } from "../answers/exit_status.ts";
import { why } from "../../client/loggers.ts";
import type { Delivery } from "../../client/request.ts";
import { didYouMean } from "../../core/errors/suggest.ts";
import type { Why, WhyScope } from "../../wire/logger_info.ts";
import type { Command } from "../arguments/command.ts";
import { type Flags, readLevel, TARGET_HELP } from "../arguments/flags.ts";
import { senderText } from "../answers/sender_text.ts";
import { type Group, groupEqual } from "../answers/groups.ts";
import { reportAnswers } from "../answers/report_answers.ts";
import { columns, green, print, yellow } from "../printing/print.ts";
import { wrapAll } from "../printing/wrap.ts";
import { UsageError } from "../arguments/usage_error.ts";

const HELP = `Tells what would become of a record: what drops it, or where it comes out.

Usage: logdial why LOGGER LEVEL [options]

  LOGGER          name of a logger, root for the root
  LEVEL           level of the record, a name or number
${TARGET_HELP}

Nothing is logged. A logger that is new is judged as it would be once it is
made. Threads that answer the same are shown once.

${QUESTION_EXITS}

Examples:
  logdial why app.db DEBUG
  logdial why root INFO --name 'Logging Worker #*'`;

async function run(flags: Flags): Promise<number> {
  const [logger, level, ...more] = flags.words;
  if (!logger || level === undefined) {
    throw new UsageError("Cannot run why: give LOGGER LEVEL, like app.db DEBUG");
  }
  if (more.length > 0) throw new UsageError(`Cannot use "${more[0]}": why takes LOGGER LEVEL`);
  const deliveries = await why(logger, readLevel(level), flags.targets);
  return await reportAnswers(deliveries, flags, { group: groupWhy, show });
}

/** Groups threads with the same answer; they have the same change from other ports of its sender. */
function groupWhy(deliveries: readonly Delivery[]): Group[] {
  return groupEqual(deliveries, ({ kind, outcome, error, result }) => {
    const said = result === undefined ? undefined : describe(result as Why);
    return JSON.stringify([kind, outcome, error, said]);
  }, () => 2);
}

async function show({ result }: Delivery): Promise<void> {
  const lines = await wrapAll(describe(result as Why), columns() - 2);
  for (const line of lines) print(`  ${line}`);
}

function describe(
  { logger, level, out, silent, steps, stops, scopes = [], similar, tailed, recorded }: Why,
): string[] {
  const verdict = out.length === 0
    ? yellow(`${level} of ${logger} does not come out: ${silent}`)
    : green(`${level} of ${logger} comes out of ${out.join(", ")}`);
  const doubt = out.length > 0 && silent !== undefined ? [yellow(`but ${silent}`)] : [];
  const lines = [verdict, ...doubt, ...scopes.map(scopeLine), ...steps.map((step) => `- ${step}`)];
  for (const { reason, logger, doubts } of stops) {
    const owner = logger === undefined ? "last resort" : `of ${logger}`;
    const filters = doubts.length === 0 ? "" : `; it has ${doubts.join(", ")}`;
    lines.push(`- ${owner}: ${reason}${filters}`);
  }
  if (tailed) lines.push("- somebody who runs tail sees it");
  if (recorded) lines.push("- it is recorded: dump shows it");
  if (similar !== undefined) lines.push(didYouMean(similar));
  return lines;
}

/** A line on a change that lets the record pass for some calls. */
function scopeLine({ calls, out, silent, ...change }: WhyScope): string {
  const end = out.length === 0 ? `it passes, but ${silent}` : `it comes out of ${out.join(", ")}`;
  return green(`but for ${calls} ${end}, by ${senderText(change)}`);
}

/** `logdial why`. */
export const COMMAND: Command = { help: HELP, flags: {}, run };
