import { checkLevel, type Level } from "../core/levels/levels.ts";
import { mayAccess, permissionFlag } from "../core/io/permission_flag.ts";
import { reasonOf } from "../core/values/thrown.ts";
import { checkOptions, isBoolean, type OptionRules } from "../core/errors/check_options.ts";
import { absolutePath, splitPath } from "../handlers/files/absolute_path.ts";
import { statIfExists } from "../handlers/files/log_file.ts";
import { isOff, MOST_OWN_BYTES, readRecordSize } from "../config/spec/recording_spec.ts";
import type { OwnRecording } from "./board/recorder_info.ts";

/**
 * What a thread keeps in memory from the start, for `logdial dump`: also when it hangs or has
 * ended.
 *
 * @example
 * ```ts
 * import { listen, type RecorderOptions, stopListening } from "@logdial/logging";
 *
 * const recorder: RecorderOptions = { levels: { "app.db": "DEBUG" }, size: "256K" };
 * await listen(0, { recorder });
 * stopListening();
 * ```
 */
export interface RecorderOptions {
  /**
   * Lowest level by logger, `root` for all that have none of their own; `off` leaves one out.
   * `logdial record` changes it while the program runs. @default none
   */
  levels?: Readonly<Record<string, Level>>;
  /** Bytes of the thread, 64K to 64M; errors have an eighth of it beside. @default "1M" */
  size?: number | string;
  /**
   * File to which the hub adds what is recorded on all threads, before a signal ends the program,
   * when nobody catches an error, and when the program ends with an exit status other than 0.
   * @default none
   */
  dumpTo?: string | URL;
  /**
   * Whether what the thread has recorded is added to it before an error as well, once for errors
   * that follow each other within ten seconds. @default false
   */
  dumpOnError?: boolean;
}

const OPTION_RULES: OptionRules<RecorderOptions> = {
  levels: (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? undefined
      : 'an object like {"app.db": "DEBUG"}',
  size: (value) => {
    try {
      readRecordSize(value, MOST_OWN_BYTES);
      return undefined;
    } catch {
      // The rule is the same in other words.
      return "like 256K or 1M, 64K to 64M";
    }
  },
  dumpTo: (value) =>
    value instanceof URL || typeof value === "string" && value !== "" ? undefined : "a path",
  dumpOnError: isBoolean,
};

/**
 * Reads what a program asks of its recorder.
 *
 * @throws {TypeError} An unknown option, or one of another type.
 * @throws {RangeError} An unknown level.
 * @throws {Deno.errors.NotCapable} The file may not be written; with the flag to add.
 * @throws {Deno.errors.NotFound} Its directory does not exist.
 */
export function readRecorderOptions(options: RecorderOptions | undefined): OwnRecording {
  if (options === undefined) return { recording: undefined, dumpTo: undefined, dumpOnError: false };
  checkOptions("recorder", options, OPTION_RULES);
  const { levels = {}, size, dumpTo, dumpOnError = false } = options;
  if (dumpOnError && dumpTo === undefined) {
    throw new TypeError("Cannot listen: dumpOnError of recorder needs dumpTo");
  }
  return {
    recording: {
      levels: new Map(
        Object.entries(levels).map(([name, level]) => [name, readLevel(name, level)]),
      ),
      size: size === undefined ? undefined : readRecordSize(size, MOST_OWN_BYTES),
      isWhole: true,
    },
    dumpTo: dumpTo === undefined ? undefined : writablePath(dumpTo),
    dumpOnError,
  };
}

function readLevel(name: string, level: Level): number {
  try {
    return isOff(level) ? Infinity : checkLevel(level);
  } catch (error) {
    throw new RangeError(`Cannot record logger "${name}": ${reasonOf(error)}`);
  }
}

/** Asked ahead, since the hub writes it when it is too late; in a terminal Deno asks. */
function writablePath(dumpTo: string | URL): string {
  const path = absolutePath(dumpTo);
  const flag = permissionFlag("write", path);
  const { state } = Deno.permissions.requestSync({ name: "write", path });
  if (state !== "granted") {
    throw new Deno.errors.NotCapable(
      `Cannot listen: dumpTo "${path}" may not be written, add ${flag}`,
    );
  }
  requireDirectory(path);
  return path;
}

/** Refuses a path at which no file can be; without permission to read there it cannot be known. */
function requireDirectory(path: string): void {
  const [directory] = splitPath(path);
  if (!mayAccess("read", path) || !mayAccess("read", directory)) return;
  if (statIfExists(path)?.isDirectory) {
    throw new Deno.errors.IsADirectory(`Cannot listen: dumpTo "${path}" is a folder`);
  }
  if (statIfExists(directory)?.isDirectory) return;
  throw new Deno.errors.NotFound(
    `Cannot listen: dumpTo "${path}" cannot be written, its folder does not exist: make it`,
  );
}
