import { CHANGE_EXITS } from "../answers/exit_status.ts";
import { set, type SetOptions } from "../../client/commands.ts";
import { CHANGE_FLAGS, CHANGE_HELP, changeOptions } from "../arguments/change_flags.ts";
import type { Command } from "../arguments/command.ts";
import { reportDeliveries } from "../answers/deliveries.ts";
import { type Flags, readOption, TARGET_HELP } from "../arguments/flags.ts";
import { readLevels } from "../arguments/level_words.ts";
import { SENDER_NOTE } from "../arguments/sender.ts";
import { readMatch, readSample } from "../../config/spec/scope_setting.ts";
import { showWaiting } from "../printing/show_waiting.ts";
import { UsageError } from "../arguments/usage_error.ts";
import { whereFields } from "../arguments/where_fields.ts";

const HELP = `Sets levels of loggers; CPython's listeners understand it as well.

Usage: logdial set LOGGER=LEVEL ... [options]

  LOGGER          name of a logger, root for the root, as is a level alone
  LEVEL           DEBUG, INFO, WARNING, ERROR, CRITICAL, NOTSET, off for nothing
                  at all, or a name or number of yours; several may be one word
                  like warn,app.db=debug,app.http=off
  --no-handlers   leave it to the handlers' levels whether records come out
  --where K=V     only log calls with that field: of the call, of its bound
                  logger or of its context; several must all fit
  --match TEXT    only calls whose message, as in the source, is that; * stands
                  for any text
  --sample 1/N    only one call in N of each logger; 1/N:FIELD all calls of one
                  in N values of a field
  --open NAME     let records through handlers of that name or class too, such
                  as one that mails; may be a list, or given several times${CHANGE_HELP}${TARGET_HELP}
${SENDER_NOTE}

What it turns on comes out although all handlers on the way have a higher level:
the lowest of those that write to a stream or file let it through. What turns a
logger below INFO is taken back after the listeners' maxOverride, 1 h, or their
maxLines, 1000000 lines of a process, unless --forever is given. CPython's
listeners take nothing back and open no handlers: a level stays there until it
is set again, and with --for, --lines or what is for some calls only they are
skipped.

${CHANGE_EXITS}

Examples:
  logdial set root=INFO
  logdial set warn,app.db=debug,app.http=off
  logdial set app=DEBUG --where user.id=42 --lines 5000
  logdial set app.db=DEBUG app.http=INFO --for 10m --reason 'slow queries'
  logdial set app.mail=DEBUG --open mail`;

async function run(flags: Flags): Promise<number> {
  const levels = readLevels(flags.words, "set"), scope = scopeOptions(flags);
  const isClosed = flags.switches.has("no-handlers"), open = flags.lists.get("open") ?? [];
  if (isClosed && open.length > 0) {
    throw new UsageError("Cannot use --no-handlers and --open together");
  }
  const options: SetOptions = {
    ...changeOptions(flags),
    ...scope,
    ...isClosed ? { handlers: false } : {},
    ...open.length > 0 ? { open } : {},
  };
  const deliveries = await showWaiting(options.wait, set(levels, options));
  return await reportDeliveries(deliveries, flags, { turned: Object.keys(levels) });
}

/** For which log calls it is. */
function scopeOptions(flags: Flags): Pick<SetOptions, "where" | "sample" | "match"> {
  const { texts } = flags;
  const where = whereFields(flags), sample = texts.get("sample"), match = texts.get("match");
  if (sample !== undefined) readOption(`--sample "${sample}"`, () => readSample(sample));
  if (match !== undefined) readOption("--match", () => readMatch(match));
  return {
    ...where === undefined ? {} : { where },
    ...sample === undefined ? {} : { sample },
    ...match === undefined ? {} : { match },
  };
}

/** `logdial set`. */
export const COMMAND: Command = {
  help: HELP,
  flags: {
    texts: [...CHANGE_FLAGS.texts ?? [], "sample", "match"],
    pairs: ["where"],
    lists: ["open"],
    switches: [...CHANGE_FLAGS.switches ?? [], "no-handlers"],
  },
  run,
};
