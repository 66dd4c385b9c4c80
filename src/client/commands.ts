import { EXTENSIONS } from "../config/spec/spec.ts";
import { type Delivery, request } from "./request.ts";
import { send } from "./send.ts";
import type { SendOptions } from "./send_options.ts";
import { status } from "./status.ts";
import { aimOf, forEachTarget, type Targets } from "./targets.ts";

/** Options of {@linkcode set}. */
export interface SetOptions extends SendOptions {
  /**
   * Whether records that are turned on come out although all handlers on their way have a
   * higher level: the lowest of those that write lines, to a stream or a file, let them through.
   * @default true
   */
  handlers?: boolean;
  /** Names or classes of handlers that let them through as well, such as one that mails. @default none */
  open?: readonly string[];
}

/**
 * Sets levels of loggers, `root` being the root; CPython's listeners understand it as well.
 * The lines that it turns on come out, whatever the handlers' levels; what other loggers show
 * does not change.
 *
 * @throws {RangeError} No level is given.
 *
 * @example
 * ```ts
 * import { set } from "@logdial/logging/client";
 *
 * await set({ "app.db": "DEBUG", root: "INFO" }, { for: "10m" });
 * ```
 */
export async function set(
  levels: Readonly<Record<string, string | number>>,
  { handlers, open, ...options }: SetOptions = {},
): Promise<Delivery[]> {
  if (handlers === false && open !== undefined) {
    throw new RangeError("Cannot set levels: handlers is false, and open names some");
  }
  const names = Object.keys(levels);
  if (names.length === 0) throw new RangeError("Cannot set levels: none is given");
  const loggers: Record<string, { level: string | number }> = Object.create(null);
  for (const name of names) if (name !== "root") loggers[name] = { level: levels[name]! };
  const config = {
    version: 1,
    incremental: true,
    loggers,
    ...Object.hasOwn(levels, "root") ? { root: { level: levels.root } } : {},
    [EXTENSIONS]: { open: open ?? handlers ?? true },
  };
  const label = `set ${names.map((name) => `${name}=${levels[name]}`).join(" ")}`;
  return await send(JSON.stringify(config), { label, forever: false, ...options });
}

/**
 * Goes back to what the programs had set up before the first change.
 *
 * @example
 * ```ts
 * import { reset } from "@logdial/logging/client";
 *
 * await reset({ name: "Logging Worker #*" });
 * ```
 */
export async function reset(targets: Targets = {}): Promise<Delivery[]> {
  return await command({ command: "reset", id: crypto.randomUUID() }, targets);
}

/**
 * Takes back the last changes.
 *
 * @example
 * ```ts
 * import { rollback } from "@logdial/logging/client";
 *
 * await rollback(1);
 * ```
 */
export async function rollback(steps: number = 1, targets: Targets = {}): Promise<Delivery[]> {
  const ids = await newestChanges(steps, targets);
  return await command({ command: "rollback", steps, id: crypto.randomUUID(), ids }, targets);
}

/**
 * The running configuration of the threads, in `result`.
 *
 * @example
 * ```ts
 * import { get } from "@logdial/logging/client";
 *
 * for (const { name, result } of await get()) console.log(name, result);
 * ```
 */
export async function get(targets: Targets = {}): Promise<Delivery[]> {
  return await command({ command: "get" }, targets);
}

/**
 * The changes of the past, in `result`.
 *
 * @example
 * ```ts
 * import { history } from "@logdial/logging/client";
 *
 * for (const { name, result } of await history()) console.log(name, result);
 * ```
 */
export async function history(targets: Targets = {}): Promise<Delivery[]> {
  return await command({ command: "history" }, targets);
}

/**
 * What a configuration would change, in `levels` of `result`; nothing is changed.
 *
 * @example
 * ```ts
 * import { check } from "@logdial/logging/client";
 *
 * const text = await Deno.readTextFile("debug.conf");
 * for (const { name, result } of await check(text)) console.log(name, result);
 * ```
 */
export async function check(text: string, targets: Targets = {}): Promise<Delivery[]> {
  return await command({ command: "check", config: text }, targets);
}

/**
 * What the last changes are of all threads that are meant, so that all processes take back the
 * same; undefined where there are not so many, which each of them then says.
 */
async function newestChanges(steps: number, targets: Targets): Promise<string[] | undefined> {
  const times = new Map<string, string>();
  for (const { changes = [] } of await status(targets)) {
    for (const { id, at } of changes) times.set(id, at);
  }
  const ids = [...times].sort(([, a], [, b]) => a < b ? -1 : 1).map(([id]) => id);
  return ids.length < steps ? undefined : ids.slice(-steps);
}

/** Sends a command to the threads that are meant, and that can understand it. */
export async function command(logdial: object, targets: Targets): Promise<Delivery[]> {
  const { done } = await forEachTarget(targets, (target): Promise<Delivery[]> | Delivery[] => {
    if (target.status !== undefined) {
      const to = aimOf(targets, target);
      return request(target, JSON.stringify({ logdial: { ...logdial, to } }), targets);
    }
    const message = "It takes configurations only, like CPython's listener";
    return [{ port: target.port, outcome: "skipped", error: { message } }];
  });
  return done.flat();
}
