import { assertEquals } from "@std/assert";
import { Handler } from "../../src/core/handlers/handler.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import type { LogRecord } from "../../src/core/records/log_record.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";

/** Collects records, and says so. */
class Keeper extends Handler {
  override readonly keepsRecords: boolean = true;
  readonly records: LogRecord[] = [];

  emit(record: LogRecord): void {
    this.records.push(record);
  }
}

class OtherKeeper extends Keeper {}

class SilentKeeper extends Keeper {
  override readonly keepsRecords: boolean = false;
}

/** Logs once, in a function called `caller`. */
function logTo(handler: Handler): void {
  const logger = new Manager().getLogger("app");
  logger.addHandler(handler);
  (function caller() {
    logger.warning("x");
  })();
}

Deno.test("a handler that keeps records has their caller, and so has one that extends it", () => {
  for (const handler of [new Keeper(), new OtherKeeper()]) {
    logTo(handler);
    // Read while another log call is under way, whose caller is another one.
    let seen = "";
    const reader = new class extends Handler {
      emit(): void {
        seen = handler.records[0]!.funcName;
      }
    }();
    const logger = new Manager().getLogger("other");
    logger.addHandler(reader);
    (function otherCaller() {
      logger.warning("y");
    })();
    assertEquals(seen, "caller");
  }
});

Deno.test("a handler that reads the caller as it emits needs to say nothing", () => {
  let name = "";
  const handler = new class extends Handler {
    emit(record: LogRecord): void {
      name = record.funcName;
    }
  }();
  logTo(handler);
  assertEquals(name, "caller");
});

Deno.test("an async handler has the caller after its first await", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const handler = new class extends Handler {
    async emit(record: LogRecord): Promise<void> {
      await Promise.resolve();
      resolve(record.funcName);
    }
  }();
  logTo(handler);
  assertEquals(await promise, "caller");
});

Deno.test("who reads a caller too late gets Python's words for none, and is told once", () => {
  using stderr = new CapturedWrites(Deno.stderr);
  const handler = new SilentKeeper();
  logTo(handler);
  logTo(handler);
  const places = handler.records.map((
    { pathname, lineno, funcName },
  ) => [pathname, lineno, funcName]);
  assertEquals(places, Array(2).fill(["(unknown file)", 0, "(unknown function)"]));
  assertEquals(
    stderr.text,
    "logdial: Cannot tell the caller of a record after its log call: " +
      "a handler that keeps records sets `keepsRecords = true`\n",
  );
});
