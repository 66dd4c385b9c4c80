import { getLogger } from "../../core/loggers/module_functions.ts";
import { insideOf, type Logger } from "../../core/loggers/logger.ts";
import { INFO } from "../../core/levels/levels.ts";
import { addFields } from "../../core/records/add_fields.ts";
import { isError, thrownText } from "../../core/values/thrown.ts";
import { FOREIGN_LEVELS, nameTrace } from "./foreign_levels.ts";
import { nobody } from "./nobody.ts";
import { templateOf } from "./template_of.ts";
import { checkLogger } from "./check_logger.ts";

/**
 * A record of LogTape's, as far as it is used.
 *
 * @internal
 */
export interface LogTapeRecord {
  readonly category: readonly string[];
  readonly level: string;
  /** Texts and values in turn. */
  readonly message: readonly unknown[];
  readonly rawMessage: string | TemplateStringsArray;
  /** In milliseconds since the epoch. */
  readonly timestamp: number;
  readonly properties: Record<string, unknown>;
}

/** Names under which programs hand errors to LogTape; `error` is LogTape's own. */
const ERROR_NAMES = ["error", "err", "exception"];

/**
 * A sink for LogTape that hands its records to the loggers of the same category, such as `a.b.c`
 * for `["a", "b", "c"]`, below the given logger if there is one: with their fields, error, time
 * and level. Let LogTape's `lowestLevel` be low enough; the loggers then decide, and can be turned.
 *
 * @throws {TypeError} `above` is not one of `getLogger`.
 *
 * @example
 * ```ts
 * import { logtapeSink } from "@logdial/logging/bridge/logtape";
 *
 * // await configure({
 * //   sinks: { logdial: logtapeSink() },
 * //   loggers: [{ category: "shop", lowestLevel: "trace", sinks: ["logdial"] }],
 * // });
 * logtapeSink()({
 *   category: ["shop", "cart"],
 *   level: "warning",
 *   message: ["", 3, " items"],
 *   rawMessage: "{count} items",
 *   timestamp: Date.now(),
 *   properties: { count: 3 },
 * });
 * ```
 */
export function logtapeSink(above?: Logger): (record: LogTapeRecord) => void {
  if (above !== undefined) checkLogger("log LogTape's records below this", above);
  nameTrace();
  // All records of a logger of LogTape's have the same array as their category.
  const loggers = new WeakMap<readonly string[], Logger>();
  return (record) => {
    const { category } = record;
    let logger = loggers.get(category);
    if (logger === undefined) loggers.set(category, logger = loggerOf(category, above));
    const level = FOREIGN_LEVELS.get(record.level) ?? INFO;
    if (level >= insideOf.threshold(logger)) hand(logger, level, record);
  };
}

function loggerOf(category: readonly string[], above: Logger | undefined): Logger {
  const name = category.join(".");
  if (name === "") return above ?? getLogger();
  return above === undefined ? getLogger(name) : above.getChild(name);
}

function hand(logger: Logger, level: number, record: LogTapeRecord): void {
  const { rawMessage, timestamp } = record;
  const written = typeof rawMessage === "string" ? rawMessage : rawMessage.join("*");
  const fields = fieldsOf(record), message = messageOf(record, written);
  const name = ERROR_NAMES.find((name) => isError(fields[name]));
  const error = name === undefined ? message.find(isError) : fields[name];
  if (name !== undefined) delete fields[name];
  const [texts, values] = [0, 1].map((first) => message.filter((_, at) => at % 2 === first));
  logger.logFrom(nobody, level, written, [], {
    merged: templateOf(texts as string[], values!),
    exc_info: error,
    fields,
    created: timestamp / 1000,
  });
}

/**
 * A copy of the properties, in which a getter that throws leaves the text of its error. LogTape may
 * make all properties when they are asked for; if that throws, one field tells it for all.
 */
function fieldsOf(record: LogTapeRecord): Record<string, unknown> {
  let properties: Readonly<Record<string, unknown>> | undefined;
  try {
    properties = record.properties;
    return { ...properties };
  } catch (error) {
    properties ??= { fields: `[throws: ${thrownText(error)}]` };
  }
  const told = new Map<string, unknown>();
  addFields(told, properties);
  return Object.fromEntries(told);
}

/** The message; if LogTape cannot make it of the properties, the message as it is written. */
function messageOf(record: LogTapeRecord, written: string): readonly unknown[] {
  try {
    return record.message;
  } catch {
    // The fields tell what was thrown.
    return [written];
  }
}
