import type { Command } from "../arguments/command.ts";
import { CHANGE_EXITS } from "../answers/exit_status.ts";
import { SENDER_NOTE } from "../arguments/sender.ts";
import { NO_LINES_REASON, record } from "../../client/record.ts";
import { OFF, readRecordSize } from "../../config/spec/recording_spec.ts";
import { CHANGE_FLAGS, changeOptions, NO_LINES_HELP } from "../arguments/change_flags.ts";
import { readLevels } from "../arguments/level_words.ts";
import { reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, readOption, TARGET_HELP } from "../arguments/flags.ts";
import { showWaiting } from "../printing/show_waiting.ts";
import { UsageError } from "../arguments/usage_error.ts";

const HELP = `Has threads keep the last records of loggers in memory, for dump:
also when they hang or have ended. Nothing of it comes out.

Usage: logdial record LOGGER=LEVEL ... [options]
       logdial record off

  LOGGER          name of a logger, root for all that have none of their own
  LEVEL           lowest level to keep; off to leave the logger out
  off             keep nothing more, and forget what is kept
  --size BYTES    memory of each thread, 64K to 4M (default 1M); errors have an
                  eighth of it beside, so that no flood takes their place${NO_LINES_HELP}${TARGET_HELP}
${SENDER_NOTE}

Threads that start later record as well. After --for, rollback and reset, what
has been kept until then can still be dumped. Calls of other loggers take no
longer than before.

${CHANGE_EXITS}

Examples:
  logdial record app.db=DEBUG
  logdial record root=DEBUG app.noise=off --size 256K --for 1h`;

const TEXTS = (CHANGE_FLAGS.texts ?? []).filter((name) => name !== "lines");

async function run(flags: Flags): Promise<number> {
  const [first, ...more] = flags.words;
  const isOff = first?.toLowerCase() === OFF;
  if (isOff && more.length > 0) throw new UsageError(`Cannot use "${more[0]}": off stands alone`);
  const levels = isOff ? OFF : readLevels(flags.words, "record");
  const text = flags.texts.get("size");
  const size = text === undefined ? undefined : readOption("--size", () => readRecordSize(text));
  const { lines: _, ...ends } = changeOptions(flags);
  const options = { ...ends, size };
  const deliveries = await showWaiting(options.wait, record(levels, options));
  const silently = isOff ? "records nothing, and what was kept is forgotten" : "records nothing";
  return await reportDeliveries(deliveries, flags, { silently });
}

/** `logdial record`. */
export const COMMAND: Command = {
  help: HELP,
  flags: {
    texts: [...TEXTS, "size"],
    switches: CHANGE_FLAGS.switches,
    refused: { lines: `${NO_LINES_REASON}, end it by --for` },
  },
  run,
};
