import { assertEquals } from "@std/assert";
import { captureConsole } from "../../src/core/loggers/capture_console.ts";
import { getLogger } from "../../src/core/loggers/module_functions.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** A console that keeps what it is to print. */
function consoleInto(printed: string[]): Console {
  return { ...console, log: (text: string) => void printed.push(text) };
}

Deno.test("a console that another one has replaced is given back, and the other one is captured", () => {
  const before = globalThis.console, printed: string[] = [];
  const handler = new ListHandler(), logger = getLogger("js.console");
  logger.addHandler(handler);
  logger.setLevel("DEBUG");
  logger.propagate = false;
  const [first, second] = [consoleInto(printed), consoleInto(printed)];
  try {
    globalThis.console = first;
    captureConsole(true);
    globalThis.console = second;
    console.log("printed by the second");
    captureConsole(true);
    first.log("printed by the first");
    console.log("captured");
    captureConsole(false);
    console.log("printed again");
  } finally {
    captureConsole(false);
    globalThis.console = before;
    logger.removeHandler(handler);
  }
  assertEquals(handler.messages, ["captured"]);
  assertEquals(printed, ["printed by the second", "printed by the first", "printed again"]);
});
