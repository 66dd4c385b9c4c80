import { Manager } from "../../src/core/loggers/manager.ts";
import type { Level } from "../../src/core/levels/levels.ts";
import type { Logger } from "../../src/core/loggers/logger.ts";
import { ListHandler } from "./list_handler.ts";

/** A tree of loggers of a test's own. */
export interface LoggerTree {
  readonly manager: Manager;
  readonly root: Logger;
  /** Keeps what the root is handed. */
  readonly handler: ListHandler;
}

/** A tree whose root has a handler and takes everything, or what has that level. */
export function newTree(level: Level = "DEBUG"): LoggerTree {
  const manager = new Manager();
  const handler = new ListHandler();
  manager.root.setLevel(level);
  manager.root.addHandler(handler);
  return { manager, handler, root: manager.root };
}
