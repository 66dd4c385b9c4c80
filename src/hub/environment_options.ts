import {
  MOST_OWN_BYTES,
  OFF,
  readRecordLevels,
  readRecordSize,
} from "../config/spec/recording_spec.ts";
import { didYouMean, nearest } from "../core/errors/suggest.ts";
import { writeDiagnostic } from "../core/io/diagnostics.ts";
import type { Level } from "../core/levels/levels.ts";
import { readEnv } from "../core/runtime/read_env.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { DEFAULT_PORTS, type PortRange } from "./board/attach_options.ts";
import type { ListenOptions } from "./listen.ts";
import type { RecorderOptions } from "./recorder_options.ts";

/** How the names of our variables begin. */
const PREFIX = "LOGDIAL_";

/** How the names of our variables go on behind `LOGDIAL_`. */
export const VARIABLES: readonly string[] = [
  "PORTS",
  "KEY",
  "APP",
  "WIRE_HANDLERS",
  "RECORD",
  "RECORD_SIZE",
  "DUMP_TO",
  "CONFIG",
];

/**
 * Options of `listen` from the environment, by the variables `LOGDIAL_PORTS`, `LOGDIAL_KEY` and the
 * like; variables that may not be read count as unset.
 *
 * @throws {RangeError} The value of a variable does not fit.
 */
export function environmentOptions(): ListenOptions {
  return {
    ports: readPorts(readEnv("LOGDIAL_PORTS")),
    app: readEnv("LOGDIAL_APP"),
    key: readEnv("LOGDIAL_KEY") || undefined,
    wireHandlers: readNames(readEnv("LOGDIAL_WIRE_HANDLERS")),
    recorder: readRecorder(),
  };
}

/**
 * Tells of misspelt variables on stderr: such a one would leave the program on other ports, or open
 * to changes without a key.
 */
export function tellMisspeltVariables(): void {
  for (const name of ourVariables()) {
    const near = VARIABLES.includes(name) ? undefined : nearest(name, VARIABLES);
    if (near === undefined) continue;
    writeDiagnostic(
      `logdial: ${PREFIX}${name} means nothing here, ${didYouMean(PREFIX + near)}\n`,
    );
  }
}

/** The records that are kept in memory from the start; undefined if no variable speaks of them. */
function readRecorder(): RecorderOptions | undefined {
  const levels = readEnv("LOGDIAL_RECORD");
  const size = readSize(readEnv("LOGDIAL_RECORD_SIZE"));
  const dumpTo = readEnv("LOGDIAL_DUMP_TO") || undefined;
  if (!levels && size === undefined && dumpTo === undefined) return undefined;
  return { levels: levels ? readRecordPairs(levels) : {}, size, dumpTo };
}

function readRecordPairs(text: string): Readonly<Record<string, Level>> {
  try {
    const levels = readRecordLevels(text);
    return levels === OFF ? {} : Object.fromEntries(levels) as Record<string, Level>;
  } catch (error) {
    throw new RangeError(`Cannot read LOGDIAL_RECORD "${text}": ${reasonOf(error)}`);
  }
}

function readSize(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return readRecordSize(text, MOST_OWN_BYTES);
  } catch (error) {
    throw new RangeError(`Cannot read LOGDIAL_RECORD_SIZE: ${reasonOf(error)}`);
  }
}

/** Names with commas between them. */
function readNames(text = ""): string[] {
  return text.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

/** The names behind `LOGDIAL_` of the variables that begin so, as far as they may be seen. */
function ourVariables(): string[] {
  if (Deno.permissions.querySync({ name: "env" }).state === "granted") {
    return Object.keys(Deno.env.toObject()).filter((name) => name.startsWith(PREFIX))
      .map((name) => name.slice(PREFIX.length));
  }
  // Without that permission they cannot be listed: the most frequent misspellings are looked for.
  const misspelt = VARIABLES.map((name) => name.endsWith("S") ? name.slice(0, -1) : `${name}S`);
  return misspelt.filter((name) => readEnv(PREFIX + name) !== undefined);
}

function readPorts(text: string | undefined): PortRange {
  if (text === undefined || text === "") return DEFAULT_PORTS;
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (first === undefined) {
    throw new RangeError(`Cannot read LOGDIAL_PORTS "${text}": it must be like 9001-9029`);
  }
  return [Number(first), Number(last)];
}
