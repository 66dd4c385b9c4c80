import { checkOptions, type OptionRules } from "../core/errors/check_options.ts";
import { checkLevel, getLevelName, type Level } from "../core/levels/levels.ts";
import { isError, readOrTell } from "../core/values/thrown.ts";
import { type CapturedRecord, describeRecord } from "./captured_record.ts";
import { differenceOf } from "./matching.ts";
import { show } from "./show.ts";

/** How many records a failure shows: the last ones, if there are more. */
const MOST_SHOWN = 50;

/**
 * What is expected of a record; what is left out may be anything.
 *
 * @example
 * ```ts
 * import { getLogger } from "@logdial/logging";
 * import { assertLogged, captureLogs, type ExpectedRecord } from "@logdial/logging/testing";
 *
 * const expected: ExpectedRecord = { level: "ERROR", fields: { user: "kim" }, error: TypeError };
 * using logs = captureLogs("app");
 * getLogger("app").error("no cart", new TypeError("none"), { extra: { user: "kim", items: 3 } });
 * assertLogged(logs, expected);
 * ```
 */
export interface ExpectedRecord {
  /** Its level, by name or number. */
  readonly level?: Level;
  /** Its logger's name, or an expression for what is in it. */
  readonly logger?: string | RegExp;
  /** The whole merged message as a text, or an expression for what is in it. */
  readonly message?: string | RegExp;
  /**
   * Fields that it has, perhaps beside others; of objects in them the members that are named.
   * An expression is to match, a function is to say yes, a class is to be the value's; what is
   * undefined is not to be there.
   */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The class of its error, or the error's whole message, or an expression for what is in it. */
  readonly error?: RegExp | string | (new (...args: never[]) => unknown);
}

const isTextOrExpression = (value: unknown) =>
  typeof value === "string" || value instanceof RegExp ? undefined : "a text or an expression";

const RULES: OptionRules<ExpectedRecord> = {
  level: (value) =>
    typeof value === "string" || typeof value === "number" ? undefined : "a level's name or number",
  logger: isTextOrExpression,
  message: isTextOrExpression,
  fields: (value) => typeof value === "object" && value !== null ? undefined : "an object",
  error: (value) =>
    typeof value === "function"
      ? undefined
      : isTextOrExpression(value) && "a class, a text or an expression",
};

/**
 * Refuses a misspelt expectation, which would fit any record.
 *
 * @throws {TypeError} An unknown name, or a value of another type.
 * @throws {RangeError} An unknown level.
 */
export function checkExpected(expected: ExpectedRecord): void {
  checkOptions("an expected record", expected, RULES);
  if (expected.level !== undefined) checkLevel(expected.level);
}

/** Tells which parts of a record are not as expected, a line for each. */
export function differencesOf(record: CapturedRecord, expected: ExpectedRecord): string[] {
  const { level, logger, message, fields, error } = expected;
  const found: string[] = [];
  const compare = (part: string, value: unknown, wanted: unknown) => {
    const difference = differenceOf(value, wanted, part);
    if (difference !== undefined) found.push(difference);
  };
  if (level !== undefined && record.levelno !== checkLevel(level)) {
    found.push(`level: ${record.level} instead of ${getLevelName(checkLevel(level))}`);
  }
  if (logger !== undefined) compare("logger", record.logger, logger);
  if (message !== undefined) compare("message", record.message, message);
  for (const [name, wanted] of Object.entries(fields ?? {})) {
    const isThere = Object.hasOwn(record.fields, name);
    compare(`field ${name}`, isThere ? record.fields[name] : undefined, wanted);
  }
  if (error !== undefined) {
    const isText = typeof error === "string" || error instanceof RegExp;
    compare("error", isText ? messageOf(record.error) : record.error, error);
  }
  return found;
}

/** Shows the records for a failure; from `next` on, also the parts that are not as expected. */
export function tellLogged(
  records: readonly CapturedRecord[],
  expected?: ExpectedRecord,
  next = 0,
): string {
  if (records.length === 0) return "nothing was logged";
  const hidden = Math.max(0, records.length - MOST_SHOWN);
  const lines = records.slice(hidden).map((record, index) => {
    const at = index + hidden;
    const differences = expected === undefined || at < next ? [] : differencesOf(record, expected);
    return `  ${describeRecord(record)}${differences.map((one) => `\n    ${one}`).join("")}`;
  });
  if (hidden > 0) lines.unshift(`  … ${hidden} before`);
  return ["logged were:", ...lines].join("\n");
}

/** An expected record as a test would write it. */
export function describeExpected({ level, ...rest }: ExpectedRecord): string {
  return show({ ...level === undefined ? {} : { level: levelText(level) }, ...rest });
}

function levelText(level: Level): string {
  return getLevelName(checkLevel(level));
}

function messageOf(error: unknown): unknown {
  return isError(error) ? readOrTell(error, "message") : error;
}
