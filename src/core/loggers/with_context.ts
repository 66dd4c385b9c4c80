import { quote } from "../errors/quote.ts";
import { checkFields, type Fields, SharedFields } from "../records/shared_fields.ts";
import { type AsyncLocalStorage, nodeModule } from "../runtime/node_modules.ts";

let storage: AsyncLocalStorage<SharedFields> | undefined;

/** The fields around a log call; undefined as long as the thread has never set any. */
export let readContext: (() => SharedFields | undefined) | undefined;

/**
 * Calls a function and returns its result. All records that are made in it have these fields, of any
 * logger, also after an `await` and in timers that the function has set. A nested call adds its
 * fields to those of the outer one.
 *
 * Fields of a bound logger and of a log call count before these.
 *
 * @throws {TypeError} `fields` is no object, or `fn` no function.
 *
 * @example
 * ```ts
 * import { getLogger, withContext } from "@logdial/logging";
 *
 * const response = await withContext({ requestId: "a1" }, async () => {
 *   getLogger("app.db").info("query"); // with the requestId
 *   return await Promise.resolve(new Response());
 * });
 * console.log(response.status); // 200
 * ```
 */
export function withContext<T>(fields: Fields, fn: () => T): T {
  checkFields(fields);
  if (typeof fn !== "function") {
    throw new TypeError(`Cannot call ${quote(fn)} with fields: it must be a function`);
  }
  if (storage === undefined) {
    // Loaded at the first call: most programs need no context, and their records would ask in vain.
    const opened = new (nodeModule("node:async_hooks").AsyncLocalStorage)<SharedFields>();
    readContext = () => opened.getStore();
    storage = opened;
  }
  return storage.run(new SharedFields(fields, storage.getStore()), fn);
}
