import { mayAccess } from "../../core/io/permission_flag.ts";
import { Handler } from "../../core/handlers/handler.ts";
import { FileHandler, findWay } from "../../handlers/files/file_handler.ts";
import { openReason } from "../../handlers/files/open_log_file.ts";
import { RingHandler, toStdStream } from "../../handlers/rings/ring_handler.ts";
import { isAbsolute, splitPath } from "../../handlers/files/absolute_path.ts";
import { ArgumentError, indexOfParameter } from "../build/parameters.ts";
import type { Recipe } from "../build/recipe.ts";

/** A file that cannot be opened on this machine, which need not be the program's. */
export class UnopenableHere extends ArgumentError {}

/**
 * Makes a handler so that its class checks the arguments, unless that would open, send or start
 * something: a file is not opened, and network handlers connect only with their first record.
 * `isHere` tells that the handler's file is on this machine.
 *
 * @throws {Error} Arguments that the class does not take.
 * @throws {UnopenableHere} It would open a file that cannot be opened here.
 */
export function makeHarmless(
  { make, placed, bound, parameters, type }: Recipe,
  isHere: boolean,
): void {
  if (type === RingHandler) {
    // A `RingHandler` would make a ring, and have it written out.
    const look = () => toStdStream(bound[0]);
    if (placed === undefined) look();
    else placed(look);
    return;
  }
  const args = [...bound];
  const delay = indexOfParameter(parameters, "delay");
  if (delay >= 0) args[delay] = true;
  const handler = make(args);
  if (!(handler instanceof Handler)) return;
  const look = () => {
    const opens = handler instanceof FileHandler && !bound[delay];
    if (opens) findWay(handler);
    // This throws for addresses that make no sense; only a running program knows its permissions.
    handler.requiredPermissions();
    // Only the program knows its working folder, from which a relative path leads.
    if (opens && isHere && isAbsolute(String(bound[0]))) lookForPlace(handler.baseFilename);
  };
  try {
    if (placed === undefined) look();
    else placed(look);
  } finally {
    handler.close();
  }
}

/** Makes sure that a file can be at its path, as far as this process may look. */
function lookForPlace(path: string): void {
  const [folder] = splitPath(path);
  const failure = kindOf(path) === "folder"
    ? new Deno.errors.IsADirectory()
    : FAILURES[kindOf(folder || "/")];
  if (failure === undefined) return;
  const reason = openReason(failure);
  const text = `on this machine, ${JSON.stringify(path)} cannot be opened: ${reason}`;
  throw new UnopenableHere(text, "filename");
}

type Kind = "folder" | "file" | "none" | "unknown";

/** What a program would meet with that opens a file in a folder of that kind. */
const FAILURES: { readonly [K in Kind]?: Error } = {
  none: new Deno.errors.NotFound(),
  file: new Deno.errors.NotADirectory(),
};

function kindOf(path: string): Kind {
  if (!mayAccess("read", path)) return "unknown";
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    return error instanceof Deno.errors.NotADirectory ? "file" : "unknown";
  }
}

/** Errors that keep a handler from being made here, but perhaps not in the program. */
const OF_THIS_PROCESS = [
  Deno.errors.NotCapable,
  Deno.errors.NotSupported,
  Deno.errors.PermissionDenied,
];

/** Whether an error is about what this process may do, and not about the configuration. */
export function isOfThisProcess(error: unknown): boolean {
  return OF_THIS_PROCESS.some((type) => error instanceof type);
}
