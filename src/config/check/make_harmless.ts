import { Handler } from "../../core/handlers/handler.ts";
import { FileHandler, findWay } from "../../handlers/files/file_handler.ts";
import { RingHandler, toStdStream } from "../../handlers/rings/ring_handler.ts";
import { indexOfParameter } from "../build/parameters.ts";
import type { Recipe } from "../build/recipe.ts";

/**
 * Makes a handler so that its class checks the arguments, unless that would open, send or start
 * something: a file is not opened, and network handlers connect only with their first record.
 *
 * @throws {Error} Arguments that the class does not take.
 */
export function makeHarmless({ make, placed, bound, parameters, type }: Recipe): void {
  if (type === RingHandler) {
    // A `RingHandler` would make a ring, and have it written out.
    toStdStream(bound[0]);
    return;
  }
  const args = [...bound];
  const delay = indexOfParameter(parameters, "delay");
  if (delay >= 0) args[delay] = true;
  const handler = make(args);
  if (!(handler instanceof Handler)) return;
  const look = () => {
    if (handler instanceof FileHandler && !bound[delay]) findWay(handler);
    // This throws for addresses that make no sense; only a running program knows its permissions.
    handler.requiredPermissions();
  };
  try {
    if (placed === undefined) look();
    else placed(look);
  } finally {
    handler.close();
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
