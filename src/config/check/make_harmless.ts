import { Handler } from "../../core/handlers/handler.ts";
import { FileHandler, findWay } from "../../handlers/files/file_handler.ts";
import { RingHandler, toStdStream } from "../../handlers/rings/ring_handler.ts";
import { indexOfParameter } from "../build/parameters.ts";
import type { Recipe } from "../build/recipe.ts";

/**
 * Makes a handler where that opens, sends and starts nothing, so that its arguments are looked at:
 * a file is not opened, and the handlers of the network connect with their first record only.
 *
 * @throws {Error} Arguments that the class does not take.
 */
export function makeHarmless({ make, placed, bound, parameters, type }: Recipe): void {
  if (type === RingHandler) {
    // It would make a ring, and have it written out.
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
    // What makes no sense there makes none anywhere; whether it is granted, only a program knows.
    handler.requiredPermissions();
  };
  try {
    if (placed === undefined) look();
    else placed(look);
  } finally {
    handler.close();
  }
}

/** What keeps a handler from being made here, and need not in a program. */
const OF_THIS_PROCESS = [
  Deno.errors.NotCapable,
  Deno.errors.NotSupported,
  Deno.errors.PermissionDenied,
];

/** Whether an error is about what this process may do, and not about the configuration. */
export function isOfThisProcess(error: unknown): boolean {
  return OF_THIS_PROCESS.some((type) => error instanceof type);
}
