import { isOtelConfig } from "../../config/otel/read_otel_config.ts";
import { SCOPE_WORDS } from "../../config/spec/scope_setting.ts";
import { extensionsIn } from "../../config/text/extensions.ts";
import { isTrue } from "../../core/python/py_truth.ts";
import type { LogEntry } from "../board/orders.ts";

/** A change of levels only, as JSON. */
interface Incremental {
  readonly root?: object;
  readonly loggers?: Readonly<Record<string, object>>;
  readonly handlers?: Readonly<Record<string, object>>;
  readonly logdial?: Readonly<Record<string, unknown>>;
}

/** What a change says to logdial that cannot be said together with what another one says. */
const SAID_ALONE = [...SCOPE_WORDS, "record", "record_size"];

/** Whether a text is a whole configuration, which replaces the root and the handlers. */
export function isWhole(text: string): boolean {
  return readIncremental(text) === undefined;
}

/** Whether a whole configuration leaves the loggers that it does not name as they are. */
export function leavesLoggers(text: string): boolean {
  if (!text.includes(DISABLE)) return false;
  try {
    const dict = JSON.parse(text);
    return Object.hasOwn(dict, DISABLE) && !isTrue(dict[DISABLE]);
  } catch {
    // The text is INI, which has no such word, and disables all loggers that it does not name.
    return false;
  }
}

const DISABLE = "disable_existing_loggers";

/** Whether a text says what is recorded: a whole configuration that does not leaves that as it is. */
export function setsRecording(text: string): boolean {
  if (!text.includes("record")) return false;
  try {
    return extensionsIn(text).record !== undefined;
  } catch {
    // Nobody can read the text, so threads refuse it.
    return false;
  }
}

/**
 * The text of one change that does what two changes of levels do. Undefined where there is none: one
 * of them is a whole configuration, for some log calls only, or of what is recorded, or they were not
 * let in alike, or open handlers otherwise.
 */
export function foldIncremental(first: LogEntry, second: LogEntry): string | undefined {
  const isLetInAlike = first.keys.join() === second.keys.join() &&
    first.payload === second.payload && first.isTrusted === second.isTrusted;
  if (!isLetInAlike) return undefined;
  const [one, two] = [readIncremental(first.text), readIncremental(second.text)];
  if (one === undefined || two === undefined) return undefined;
  const isAlone = (change: Incremental) =>
    isOtelConfig(change) || SAID_ALONE.some((word) => change.logdial?.[word] !== undefined);
  if (isAlone(one) || isAlone(two)) return undefined;
  // `open` counts for all loggers of a change.
  if (JSON.stringify(one.logdial?.open) !== JSON.stringify(two.logdial?.open)) return undefined;
  return JSON.stringify({
    ...two,
    root: { ...one.root, ...two.root },
    loggers: mergeEach(one.loggers, two.loggers),
    handlers: mergeEach(one.handlers, two.handlers),
  });
}

function mergeEach(
  first: Incremental["loggers"] = {},
  second: Incremental["loggers"] = {},
): Record<string, object> {
  const names = [...Object.keys(first), ...Object.keys(second)];
  return Object.fromEntries(names.map((name) => [name, { ...first[name], ...second[name] }]));
}

/** The words of which one is in each text that is no whole configuration. */
const SIGNS = /"(?:incremental|file_format|logger_provider)"/;

function readIncremental(text: string): Incremental | undefined {
  if (!SIGNS.test(text)) return undefined;
  try {
    const dict = JSON.parse(text) as Incremental & { readonly incremental?: unknown };
    return isTrue(dict.incremental) || isOtelConfig(dict) ? dict : undefined;
  } catch {
    // The text is INI, which always is a whole configuration.
    return undefined;
  }
}
