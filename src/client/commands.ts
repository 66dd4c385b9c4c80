import { checkOptions, isBoolean, type OptionRules } from "../core/errors/check_options.ts";
import { typedLevels } from "../core/levels/above_all.ts";
import { quoteWord } from "../core/text/quote_word.ts";
import { readMatch, readSample, readWhere } from "../config/spec/scope_setting.ts";
import { parseConfigText } from "../config/text/config_text.ts";
import { readExtensions } from "../config/text/extensions.ts";
import type { Read } from "../wire/shape.ts";
import { checkLevels, levelsConfig } from "./levels_config.ts";
import {
  byPort,
  commandText,
  type Delivery,
  notAsked,
  request,
  takesConfigurationsOnly,
  whoIs,
} from "./request.ts";
import { whyNoCommand } from "./first_version.ts";
import { readHistory, readPreview, readRunning } from "./read_results.ts";
import { deliver } from "./send.ts";
import {
  isReadBy,
  requireConfigText,
  SEND_RULES,
  SENDER_RULES,
  type SenderOptions,
  type SendOptions,
} from "./send_options.ts";
import { forEachTarget, TARGET_RULES, type Targets } from "./targets.ts";

/** Options of {@linkcode set}. */
export interface SetOptions extends SendOptions {
  /**
   * Whether records that are turned on come out even if all handlers on their way have a higher
   * level: then the lowest of the handlers that write lines, to a stream or a file, let them through.
   * @default true
   */
  handlers?: boolean;
  /**
   * Names or classes of other handlers that let these records through, such as one that mails.
   * @default none
   */
  open?: readonly string[];
  /**
   * Only log calls whose fields have these texts under these dotted paths; fields of the bound logger
   * and of the context count as well. @default all
   */
  where?: Readonly<Record<string, string>>;
  /** Only one call in so many, as `1/100`, or all calls of one value in so many: `1/100:requestId`. */
  sample?: string;
  /** Only calls whose message, as written in the source, fits this; `*` stands for any text. */
  match?: string;
}

const SET_RULES: OptionRules<SetOptions> = {
  ...SEND_RULES,
  handlers: isBoolean,
  open: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === "string")
      ? undefined
      : "a list of handlers' names",
  where: isReadBy(readWhere),
  sample: isReadBy(readSample),
  match: isReadBy(readMatch),
};

/**
 * Sets levels of loggers, `root` being the root. The lines that it turns on come out, whatever the
 * handlers' levels; other loggers show what they did before. CPython's listeners understand it as
 * well: there the handlers' levels count, and levels stay until they are set again. So a change that
 * is to end by itself is not sent to them.
 *
 * @throws {RangeError} No level is given, or a text that cannot be a logger's name or a level.
 * @throws {TypeError} An unknown option, or one of another type.
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
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
  options: SetOptions = {},
): Promise<Delivery[]> {
  checkOptions("set", options, SET_RULES);
  const { handlers, open, where, sample, match, ...rest } = options;
  checkLevels(levels);
  if (handlers === false && open !== undefined) {
    throw new RangeError("Cannot set levels: handlers is false, and open names some");
  }
  const { label = setLabel(levels, options), forever = false } = rest;
  const scope = { where, sample, match };
  const config = levelsConfig(levels, open ?? handlers ?? true, scope);
  return await deliver(config, { ...rest, label, forever });
}

/**
 * The label of a change: the command as one would type it, without `--for`, since the end is shown
 * beside the label.
 */
function setLabel(
  levels: Readonly<Record<string, string | number>>,
  { where = {}, sample, match, lines, handlers, open = [] }: SetOptions,
): string {
  const words = ["set", ...typedLevels(levels)];
  for (const [path, text] of Object.entries(where)) words.push("--where", `${path}=${text}`);
  if (sample !== undefined) words.push("--sample", sample);
  if (match !== undefined) words.push("--match", match);
  if (lines !== undefined) words.push("--lines", String(lines));
  for (const name of open) words.push("--open", name);
  if (handlers === false) words.push("--no-handlers");
  return words.map(quoteWord).join(" ");
}

/**
 * Goes back to what the programs had set up before the first change.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { reset } from "@logdial/logging/client";
 *
 * await reset({ name: "Logging Worker #*" });
 * ```
 */
export async function reset(options: SenderOptions = {}): Promise<Delivery[]> {
  checkOptions("reset", options, SENDER_RULES);
  const { by, reason } = options;
  const id = crypto.randomUUID();
  const logdial = { command: "reset", label: "reset", by, reason, id };
  return await command(logdial, options, undefined, { unable: true });
}

/**
 * The running configuration of the threads, in `result`.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { get } from "@logdial/logging/client";
 *
 * for (const { name, result } of await get()) console.log(name, result);
 * ```
 */
export async function get(targets: Targets = {}): Promise<Delivery[]> {
  checkOptions("get", targets, TARGET_RULES);
  return await command({ command: "get" }, targets, readRunning);
}

/**
 * The changes of the past, in `result`.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {TypeError} An unknown option, or one of another type.
 *
 * @example
 * ```ts
 * import { history } from "@logdial/logging/client";
 *
 * for (const { name, result } of await history()) console.log(name, result);
 * ```
 */
export async function history(targets: Targets = {}): Promise<Delivery[]> {
  checkOptions("history", targets, TARGET_RULES);
  return await command({ command: "history" }, targets, readHistory);
}

/**
 * What a configuration would change, in `levels` of `result`; nothing is changed.
 *
 * @throws {NoTargetError} Nobody has the `name`, `pid` or `app` that is meant.
 * @throws {UnreachableError} The host cannot be reached, or the program may not connect to it.
 * @throws {ConfigError} The text is no configuration; with section, key and line.
 * @throws {TypeError} No text, an unknown option, or one of another type.
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
  checkOptions("check", targets, TARGET_RULES);
  requireConfigText("check", text);
  readExtensions(parseConfigText(text));
  return await command({ command: "check", config: text }, targets, readPreview);
}

/** Sends a command to the threads that are meant, except listeners that know no commands. */
export async function command(
  logdial: Readonly<{ command: string; [parameter: string]: unknown }>,
  targets: Targets,
  readResult?: Read<unknown>,
  /** What to add to the outcome for listeners that know no commands. */
  ofOthers: Pick<Delivery, "unable"> = {},
): Promise<Delivery[]> {
  const { done, skipped } = await forEachTarget(
    targets,
    (target): Promise<Delivery[]> | Delivery[] => {
      const { port, status } = target;
      if (status !== undefined) {
        const message = whyNoCommand(status, logdial.command);
        if (message !== undefined) {
          return [{ port, ...whoIs(status), outcome: "skipped", error: { message } }];
        }
        return request(target, commandText(logdial, target, targets), targets, 0, readResult);
      }
      return [{ ...takesConfigurationsOnly(port), ...ofOthers }];
    },
  );
  return [...done.flat(), ...skipped.map(notAsked)].sort(byPort);
}
