import {
  type BuildScope,
  currentBuildScope,
  isRefusedUnasked,
} from "../../core/handlers/build_scope.ts";
import { permissionFlag } from "../../core/io/permission_flag.ts";
import { LogFile } from "./log_file.ts";
import type { OpenMode } from "./open_mode.ts";
import type { TextCodec } from "../encoding/text_codec.ts";

/**
 * Opens a log file as Python's `open` does. While a configuration is being built, whatever that does
 * to files can still be taken back.
 *
 * @throws {Error} It cannot be opened; the message names the path and the reason.
 */
export function openLogFile(path: string, mode: OpenMode, codec: TextCodec): LogFile {
  const scope = currentBuildScope();
  const name = mode.kind === "r" && !mode.writable ? "read" : "write";
  try {
    if (isRefusedUnasked({ name, path })) throw new Deno.errors.NotCapable();
    if (scope !== undefined) return openInScope(scope, path, mode, codec);
    return new LogFile(path, Deno.openSync(path, openOptions(mode)), mode, codec);
  } catch (error) {
    throw describeOpenError(path, mode, name, error);
  }
}

function openOptions({ kind, writable }: OpenMode): Deno.OpenOptions {
  switch (kind) {
    case "r":
      return writable ? { write: true } : { read: true };
    case "w":
      return { write: true, create: true, truncate: true };
    case "a":
      return { append: true, create: true };
    case "x":
      return { write: true, createNew: true };
  }
}

function openInScope(
  scope: BuildScope,
  path: string,
  mode: OpenMode,
  codec: TextCodec,
): LogFile {
  const made = mode.kind === "r" ? undefined : tryCreate(path, mode);
  const file = made ?? openExisting(path, mode);
  const log = new LogFile(path, file, mode, codec);
  scope.onRollback(() => {
    if (log.isClosed) return;
    if (made !== undefined) removeUnused(log);
    log.close();
  });
  if (made === undefined && mode.kind === "w") {
    scope.onCommit(() => log.clear());
  }
  return log;
}

/** Makes the file, undefined if it is there already. */
function tryCreate(path: string, mode: OpenMode): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path, { write: true, append: mode.kind === "a", createNew: true });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists && mode.kind !== "x") return undefined;
    throw error;
  }
}

function openExisting(path: string, mode: OpenMode): Deno.FsFile {
  if (mode.kind === "a") return Deno.openSync(path, { append: true, create: true });
  // The file is emptied only when the configuration is in force.
  if (mode.kind === "w") return Deno.openSync(path, { write: true, create: true });
  return Deno.openSync(path, openOptions(mode));
}

/** Takes a new file away again, unless somebody has written to it since. */
function removeUnused(log: LogFile): void {
  try {
    if (log.size() === 0) Deno.removeSync(log.name);
  } catch {
    // The file has gone, or something has replaced it that cannot be removed.
  }
}

const REASONS: readonly [type: new (...args: never[]) => Error, reason: string][] = [
  [Deno.errors.NotFound, "its folder does not exist"],
  [Deno.errors.IsADirectory, "it is a folder"],
  [Deno.errors.NotADirectory, "a part of its path is no folder"],
  [Deno.errors.AlreadyExists, "it exists already"],
  [Deno.errors.PermissionDenied, "the system denies permission"],
];

/** Why a file cannot be opened, in plain words. */
export function openReason(error: Error): string {
  return REASONS.find(([type]) => error instanceof type)?.[1] ?? error.message;
}

/** The same kind of error with the path and a plain reason. */
function describeOpenError(
  path: string,
  { kind }: OpenMode,
  access: "read" | "write",
  error: unknown,
): unknown {
  if (!(error instanceof Error)) return error;
  const reason = error instanceof Deno.errors.NotCapable
    ? `run with ${permissionFlag(access, path)}`
    : kind === "r" && error instanceof Deno.errors.NotFound
    ? 'it does not exist, and mode "r" makes none'
    : openReason(error);
  const Kind = error.constructor as new (message: string, options: ErrorOptions) => Error;
  return new Kind(`Cannot open log file ${JSON.stringify(path)}: ${reason}`, { cause: error });
}
