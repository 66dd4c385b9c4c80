import { checkOptions, type OptionRules } from "../core/errors/check_options.ts";
import { quote } from "../core/errors/quote.ts";
import { EXTENSIONS } from "../config/spec/config_spec.ts";
import { formatBytes, OFF, readRecordSize } from "../config/spec/recording_spec.ts";
import { levelToSend } from "../core/levels/levels.ts";
import { checkLevels } from "./levels_config.ts";
import type { Delivery } from "./request.ts";
import { deliver } from "./send.ts";
import { SEND_RULES, type SendOptions } from "./send_options.ts";

/** Options of {@linkcode record}. */
export interface RecordOptions extends SendOptions {
  /** Bytes of each thread, 64K to 4M; errors have an eighth of it beside. @default "1M" */
  size?: number | string;
  /** Not for a recording, which brings out no lines. */
  lines?: never;
}

/** Why a recording cannot end after so many lines. */
export const NO_LINES_REASON = "what is recorded brings out no lines";

const RECORD_RULES: OptionRules<RecordOptions> = {
  ...SEND_RULES,
  lines: () => `left out: ${NO_LINES_REASON}`,
  size: (value) => {
    try {
      readRecordSize(value);
      return undefined;
    } catch {
      // The rule is the same in other words.
      return "like 256K or 1M, 64K to 4M";
    }
  },
};

/**
 * Has threads keep the last records of loggers in memory for {@linkcode dump}, also for when they
 * hang or have ended. The level may be lower than the loggers' own; no line more comes out. `off` as a
 * level leaves a logger out; `off` alone ends the recording, and what was kept is gone.
 *
 * It is a change like others: threads that start later record as well, and `rollback` and `reset`
 * take it back. Records that were kept until then can still be dumped.
 *
 * @throws {RangeError} No level is given, or a text that cannot be a logger's name, a level or a size.
 * @throws {TypeError} Neither an object of levels nor `off`, an unknown option, or one of another type.
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 *
 * @example
 * ```ts
 * import { record } from "@logdial/logging/client";
 *
 * await record({ "app.db": "DEBUG" }, { size: "1M", for: "1h" });
 * await record("off");
 * ```
 */
export async function record(
  levels: Readonly<Record<string, string | number>> | "off",
  options: RecordOptions = {},
): Promise<Delivery[]> {
  checkOptions("record", options, RECORD_RULES);
  if (typeof levels === "string" && levels !== OFF) {
    throw new TypeError(
      `Cannot record ${quote(levels)}: give an object like {"app.db": "DEBUG"}, or "off"`,
    );
  }
  if (levels !== OFF) checkLevels(levels);
  const { size, ...rest } = options;
  const bytes = size === undefined ? undefined : readRecordSize(size);
  const said = levels === OFF
    ? OFF
    : Object.entries(levels).map(([name, level]) => `${name}=${level}`).join(" ");
  const { label = `record ${said}${bytes ? ` ${formatBytes(bytes)}` : ""}` } = rest;
  const kept = levels === OFF ? OFF : Object.fromEntries(
    Object.entries(levels).map(([name, level]) => [name, levelToSend(level)]),
  );
  const words = { record: kept, record_size: bytes };
  const config = JSON.stringify({ version: 1, incremental: true, [EXTENSIONS]: words });
  return await deliver(config, { ...rest, label });
}
