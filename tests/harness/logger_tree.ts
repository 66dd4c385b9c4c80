import { Manager } from "../../src/core/loggers/manager.ts";
import type { Level } from "../../src/core/levels/levels.ts";
import type { Logger } from "../../src/core/loggers/logger.ts";
import { ListHandler } from "./list_handler.ts";

/** A test's own tree of loggers. */
export interface LoggerTree {
  readonly manager: Manager;
  readonly root: Logger;
  /** Keeps the records that the root is handed. */
  readonly handler: ListHandler;
}

/** Makes a tree whose root has a handler and takes all records, or those from a level on. */
export function newTree(level: Level = "DEBUG"): LoggerTree {
  const manager = new Manager();
  const handler = new ListHandler();
  manager.root.setLevel(level);
  manager.root.addHandler(handler);
  return { manager, handler, root: manager.root };
}
