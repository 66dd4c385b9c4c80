import { Formatter } from "../../src/core/formatters/formatter.ts";
import { DevFormatter } from "../../src/core/formatters/dev_formatter.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import { Logger } from "../../src/core/loggers/logger.ts";
import { LoggerAdapter } from "../../src/core/loggers/logger_adapter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { DuplicateFilter } from "../../src/filters/duplicate_filter.ts";
import { RateFilter } from "../../src/filters/rate_filter.ts";
import { RedactFilter } from "../../src/filters/redact_filter.ts";
import { SampleFilter } from "../../src/filters/sample_filter.ts";
import { FingersCrossedHandler } from "../../src/handlers/queues/fingers_crossed_handler.ts";
import { MemoryHandler } from "../../src/handlers/queues/memory_handler.ts";
import { Queue } from "../../src/handlers/queues/queue.ts";
import { QueueHandler } from "../../src/handlers/queues/queue_handler.ts";
import { QueueListener } from "../../src/handlers/queues/queue_listener.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";
import { thrownText } from "../../src/core/values/thrown.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";
import { replaced } from "../harness/replaced.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { HostileValues } from "./hostile_value.ts";
import type { Fault } from "./sweep_lines.ts";

/** What a call goes through. */
interface Scene {
  readonly manager: Manager;
  readonly values: HostileValues;
  /** Throws or rejects, by chance. */
  readonly fail: () => unknown;
  /** Throws. */
  readonly raise: () => never;
  /** Takes a handler to the logger. */
  readonly add: (handler: Handler) => void;
}

/**
 * Makes so many log calls through handlers, filters, formatters and the like of which one does
 * what it should not; looks for calls that throw, rejections that nobody hears of, handlers
 * that get nothing for the fault of others, and faults that nobody is told.
 */
export async function sweepCalls(seed: number, count: number): Promise<Fault[]> {
  const faults: Fault[] = [];
  let number = 0;
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    faults.push({ number, what: `${hurting}: a rejection that nobody hears of` });
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    for (; number < count; number++) {
      const values = new HostileValues(new SeededBytes(Math.imul(seed, 0x85ebca6b) + number + 1));
      for (const what of await tryCall(values)) faults.push({ number, what });
    }
  } finally {
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
  return faults;
}

/** What is tried just now. */
let hurting = "";

async function tryCall(values: HostileValues): Promise<string[]> {
  const faults: string[] = [];
  const manager = new Manager();
  const log = manager.getLogger("app");
  const [first, last] = [new CountingHandler(), new CountingHandler()];
  log.addHandler(first);
  const [name, hurt, mayDrop] = values.pick(HURTS);
  const thrown = values.thrown();
  hurting = name;
  let failed = 0;
  const raise = () => {
    failed++;
    throw thrown;
  };
  const fail = () => {
    if (values.pick([true, false])) raise();
    failed++;
    return Promise.reject(thrown);
  };
  const call = hurt({ manager, values, fail, raise, add: (handler) => log.addHandler(handler) });
  log.addHandler(last);
  using stderr = values.pick([true, true, false])
    ? new CapturedWrites(Deno.stderr)
    : brokenStderr(values);
  try {
    (call ?? (() => log.warning("hurt", values.any())))();
  } catch (error) {
    faults.push(`${name}: the call throws ${thrownText(error)}`);
  }
  // Rejections are told after the promises that are settled now have been heard of.
  await new Promise((resolve) => setTimeout(resolve));
  if (!mayDrop && (first.count === 0 || last.count === 0)) {
    faults.push(`${name}: the other handlers got ${first.count} and ${last.count} records`);
  }
  if (
    stderr instanceof CapturedWrites && failed > 0 && !stderr.text.includes("--- Logging error")
  ) {
    faults.push(`${name}: nobody is told, but ${JSON.stringify(stderr.text.slice(0, 200))}`);
  }
  return faults;
}

/** A stderr that is closed, or full and never read. */
function brokenStderr(values: HostileValues): Disposable {
  const error = values.pick([Deno.errors.BadResource, Deno.errors.WouldBlock])!;
  return replaced(Deno.stderr, "writeSync", () => {
    throw new error("gone");
  });
}

class CountingHandler extends Handler {
  count = 0;
  emit(_record: LogRecord): void {
    this.count++;
  }
}

/** A handler of which one method fails. */
function handlerWith(method: string, fail: () => unknown, other: () => unknown = () => {}) {
  class HurtHandler extends Handler {
    emit(_record: LogRecord): void {
      return other() as void;
    }
  }
  return Object.defineProperty(new HurtHandler(), method, { value: fail });
}

function throwing(): never {
  throw new Error("a fault to tell of");
}

/** Something that hurts; whether the record may be lost by that; the call that shows it. */
type Hurt = readonly [
  name: string,
  hurt: (scene: Scene) => (() => void) | undefined | void,
  mayDrop?: boolean,
];

const HURTS: readonly Hurt[] = [
  ["emit", ({ add, fail }) => add(handlerWith("emit", fail))],
  ["handle", ({ add, fail }) => add(handlerWith("handle", fail))],
  ["handleError", ({ add, fail }) => add(handlerWith("handleError", fail, throwing))],
  ["format of a handler", ({ add, fail }) => {
    const handler = new StreamHandler({ write: () => {} });
    handler.format = fail as () => string;
    add(handler);
  }],
  ["a formatter", ({ add, fail, values }) => {
    const handler = new StreamHandler({ write: () => {} });
    const methods = ["format", "formatTime", "formatMessage", "formatException", "formatStack"];
    const formatter = new Formatter("%(asctime)s %(message)s");
    handler.setFormatter(Object.assign(formatter, { [values.pick(methods)]: fail }));
    add(handler);
  }],
  ["a stream", ({ add, fail, values }) => {
    const stream = { write: () => {}, flush: () => {} };
    add(new StreamHandler(Object.assign(stream, { [values.pick(["write", "flush"])]: fail })));
  }],
  ["the filter of a handler", ({ add, fail }) => {
    const handler = new CountingHandler();
    handler.addFilter(fail);
    add(handler);
  }],
  ["the filter of a logger", ({ manager, fail }) => {
    manager.getLogger("app").addFilter(fail);
  }, true],
  ["what a filter gives", ({ add, values }) => {
    const handler = new CountingHandler();
    handler.addFilter(() => values.any());
    add(handler);
  }],
  ["the level of a handler", ({ add, raise }) => {
    add(Object.defineProperty(new CountingHandler(), "level", { get: raise }));
  }],
  ["the formatter of a handler", ({ add, raise }) => {
    add(Object.defineProperty(new CountingHandler(), "formatter", { get: raise }));
  }],
  ["no handler at all", ({ manager, values }) => {
    const log = manager.getLogger("app");
    log.handlers = [...log.handlers, values.any() as Handler];
  }],
  ["a target of a MemoryHandler", ({ add, fail }) => {
    add(new MemoryHandler(1, "ERROR", handlerWith("handle", fail)));
  }],
  ["a queue", ({ add, fail }) => add(new QueueHandler({ put: fail }))],
  ["a handler of a QueueListener", ({ add, fail }) => {
    const queue = new Queue();
    new QueueListener(queue, handlerWith("emit", fail), handlerWith("handle", fail)).start();
    add(new QueueHandler(queue));
  }],
  ["a record factory", ({ manager, fail, values }) => {
    manager.recordFactory = values.pick([fail as () => LogRecord, () => values.any() as LogRecord]);
  }, true],
  ["makeRecord of a class of loggers", ({ manager, fail, values }) => {
    manager.loggerClass = class extends Logger {};
    const log = manager.getLogger("other");
    log.addHandler(new CountingHandler());
    const method = values.pick(["makeRecord", "handle", "callHandlers", "filter"] as const);
    Object.assign(log, { [method]: fail });
    if (method === "filter") log.addFilter(() => true);
    return () => log.warning("hurt");
  }, true],
  ["the last resort", ({ manager, fail, values }) => {
    manager.lastResort = handlerWith(
      values.pick(["emit", "handle", "handleError"]),
      fail,
      throwing,
    );
    return () => manager.getLogger("without.handlers").error("hurt");
  }, true],
  ["who watches", ({ manager, raise }) => {
    manager.tap = { levelFor: () => 10, take: raise };
  }],
  ["an adapter", ({ manager, fail, values }) => {
    const adapter = new LoggerAdapter(manager.getLogger("app"));
    adapter.process = values.pick([fail, () => values.any()]) as typeof adapter.process;
    return () => adapter.warning("hurt", values.any());
  }, true],
  ["options of an adapter", ({ manager, values }) => {
    const adapter = new LoggerAdapter(
      manager.getLogger("app"),
      values.any() as Record<string, unknown>,
      true,
    );
    return () => adapter.warning("hurt", { extra: values.any() as Record<string, unknown> });
  }, true],
  ["fields of extra", ({ manager, values }) => {
    const extra = Object.defineProperty({ a: values.any() }, "c", {
      get: throwing,
      enumerable: true,
    });
    return () => manager.getLogger("app").warning("hurt", { extra });
  }],
  ["extra", ({ manager, values }) => {
    const extra = values.any() as Record<string, unknown>;
    return () => manager.getLogger("app").warning("hurt", { extra });
  }, true],
  ["options", ({ manager, values }) => {
    const options = { stacklevel: values.any(), stack_info: values.any(), exc_info: values.any() };
    return () => manager.getLogger("app").warning("hurt", options);
  }],
  ["options of logFrom", ({ manager }) => {
    const options = Object.defineProperty({}, "exc_info", { get: throwing });
    const log = manager.getLogger("app");
    return () => log.logFrom(tryCall, 30, "hurt", [], options);
  }],
  ["values in text", ({ manager, add, values }) => {
    const handler = new StreamHandler({ write: () => {} });
    handler.setFormatter(new Formatter("%(asctime)s %(message)s %(user)s"));
    add(handler);
    const msg = values.pick(["%s", "%r and %d", values.any()]);
    return () => manager.getLogger("app").error(msg, values.any(), values.any());
  }],
  ["fields and functions", ({ manager, add, values, fail }) => {
    for (const formatter of [new Formatter("%(message)s %(fields)s"), new DevFormatter()]) {
      const handler = new StreamHandler({ write: () => {} });
      handler.setFormatter(formatter);
      add(handler);
    }
    const log = manager.getLogger("app");
    const msg = values.pick([fail, "%s", values.any(), values.fields()]);
    const fields = values.pick([values.fields(), values.any(), fail]);
    return () => log.warning(msg, values.pick(["%s", fail, values.any()]), fields);
  }],
  ["filters of ours", ({ manager, add, values }) => {
    const handler = new StreamHandler({ write: () => {} });
    handler.addFilter(new RedactFilter({ paths: ["a", "*.b"], patterns: ["s"] }));
    handler.addFilter(new DuplicateFilter());
    handler.addFilter(new RateFilter({ rate: 1, by: "a" }));
    handler.addFilter(new SampleFilter({ rate: 0.5, by: "b.c" }));
    add(handler);
    add(new FingersCrossedHandler({ target: handlerWith("none", throwing), by: "a" }));
    const fields = { a: values.any(), b: { c: values.any() }, d: values.any() };
    return () => manager.getLogger("app").error("%s", values.any(), fields, values.any());
  }],
  ["an error in text", ({ manager, add, values }) => {
    const handler = new StreamHandler({ write: () => {} });
    add(handler);
    return () => manager.getLogger("app").error("hurt", { exc_info: values.any() });
  }],
  ["a handler that logs to itself", ({ manager, add }) => {
    const log = manager.getLogger("app");
    add(handlerWith("emit", () => log.error("again")));
    add(handlerWith("emit", () => log.error("and again")));
  }],
  ["a handleError that logs", ({ manager, add }) => {
    const log = manager.getLogger("app");
    for (let count = 0; count < 2; count++) {
      add(handlerWith("handleError", () => log.error("again"), throwing));
    }
  }],
  ["a handler that removes itself", ({ manager, add }) => {
    const log = manager.getLogger("app");
    const handler: Handler = handlerWith("emit", () => log.removeHandler(handler));
    add(handler);
  }],
];
