import { ConfigError } from "../core/errors/config_error.ts";
import { NOTSET } from "../core/levels/levels.ts";
import { bridgedBy, markBridged } from "../core/loggers/bridged.ts";
import { Dial, type DialOptions } from "../core/loggers/dial.ts";
import { defaultManager, type Manager } from "../core/loggers/manager.ts";

/**
 * The dial of another library's logger: `name` is its place in the tree, `kind` the library.
 *
 * @throws {ConfigError} Another library is bridged to that name, or it is the root's.
 */
export function dialFor(
  name: string,
  kind: string,
  { outlets }: DialOptions = {},
  manager: Manager = defaultManager,
): Dial {
  if (name === "" || name === manager.root.name) {
    throw new ConfigError(`Cannot bridge ${kind} to the root logger: give it a name of its own`);
  }
  const logger = manager.getNamedLogger(name);
  // Whoever follows the levels of this tree hears of the new logger.
  manager.touch();
  const unmark = markBridged(logger, kind, outlets);
  return new Dial(manager, logger, unmark, outlets, { logger, level: NOTSET });
}

/**
 * As {@linkcode dialFor}, for a part of a library that comes up while the program runs, where nothing
 * may throw, such as in a log call; undefined if another library is bridged to that name.
 */
export function dialIfFree(
  name: string,
  kind: string,
  options: DialOptions = {},
  manager: Manager = defaultManager,
): Dial | undefined {
  const other = bridgedBy(manager.getNamedLogger(name))?.kind ?? kind;
  return other === kind ? dialFor(name, kind, options, manager) : undefined;
}
