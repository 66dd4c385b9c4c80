/**
 * Makes calls in batches when it is told to, and says how many nanoseconds one took.
 *
 * Arguments: the mode.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { getLogger, Handler, withContext } from "../../../mod.ts";
import type { Logger } from "../../../src/core/loggers/logger.ts";
import { setScopes } from "../../../src/core/loggers/logger_node.ts";
import { stdinLines } from "../../fixtures/stdin_lines.ts";
import type { Mode } from "./measure.ts";

class NothingHandler extends Handler {
  emit(): void {}
}

/** What a program would do by itself: a level that is compared, an object for each record. */
class HandLogger {
  readonly handlers = [{ level: 0, last: {}, handle: keepLast }];
  level = 20;

  info(msg: string, ...args: readonly unknown[]): void {
    if (20 < this.level) return;
    const record = { name: "bench", levelno: 20, msg, args, created: Date.now() / 1000 };
    for (const handler of this.handlers) {
      if (record.levelno >= handler.level) handler.handle(record);
    }
  }
}

function keepLast(this: { last: object }, record: object): void {
  this.last = record;
}

/** A logger at INFO, on which levels were turned before, with so many scopes for other users. */
function prepare(scopes: number): Logger {
  const log = getLogger("bench");
  log.addHandler(new NothingHandler());
  log.propagate = false;
  // A call that was let through once is compiled differently, whoever it was let through for.
  log.setLevel("DEBUG");
  for (let at = 0; at < 20_000; at++) log.debug("a message");
  log.setLevel("INFO");
  const all = Array.from({ length: scopes }, (_, at) => {
    const test = { where: [["user", `nobody ${at}`]] as const };
    return { level: 10, test, opening: undefined, lines: undefined };
  });
  setScopes<Logger>(log, all);
  return log;
}

function drop(log: Logger, count: number): void {
  for (let at = 0; at < count; at++) log.debug("a message");
}

function callsOf(mode: Mode): (count: number) => void {
  switch (mode) {
    case "bound": {
      const bound = prepare(0).with({ user: 7, requestId: "r1" });
      return (count) => drop(bound, count);
    }
    case "bound, scoped":
    case "bound, 4 scopes": {
      const bound = prepare(mode === "bound, scoped" ? 1 : 4).with({ user: 7, requestId: "r1" });
      return (count) => drop(bound, count);
    }
    case "context, scoped": {
      const log = prepare(1);
      return (count) => withContext({ user: 7, requestId: "r1" }, () => drop(log, count));
    }
    case "getStore": {
      const storage = new AsyncLocalStorage<{ user: number }>();
      return (count) =>
        storage.run({ user: 7 }, () => {
          let found = 0;
          for (let at = 0; at < count; at++) if (storage.getStore()?.user === 8) found++;
          if (found > 0) throw new Error("Cannot find user 8");
        });
    }
    case "enabled": {
      const log = prepare(0);
      return (count) => {
        for (let at = 0; at < count; at++) log.info("a message %d", at);
      };
    }
    case "enabled by hand": {
      const log = new HandLogger();
      return (count) => {
        for (let at = 0; at < count; at++) log.info("a message %d", at);
      };
    }
  }
}

const call = callsOf(Deno.args[0] as Mode);
console.log("ready");
for await (const line of stdinLines()) {
  const count = Number(line);
  const begin = performance.now();
  call(count);
  console.log((performance.now() - begin) * 1e6 / count);
}
