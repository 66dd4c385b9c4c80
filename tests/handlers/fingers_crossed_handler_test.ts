import { assertEquals, assertThrows } from "@std/assert";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { withContext } from "../../src/core/loggers/with_context.ts";
import {
  FingersCrossedHandler,
  type FingersCrossedHandlerOptions,
} from "../../src/handlers/queues/fingers_crossed_handler.ts";
import { ListHandler } from "../harness/list_handler.ts";

function newTree(options: FingersCrossedHandlerOptions = {}) {
  const manager = new Manager();
  const target = new ListHandler();
  const handler = new FingersCrossedHandler({ target, ...options });
  manager.root.setLevel("DEBUG");
  manager.root.addHandler(handler);
  return { log: manager.root, target, handler };
}

Deno.test("DEBUG of the request that fails is written, and of no other", () => {
  const { log, target } = newTree({ by: "requestId" });
  const request = (requestId: number, run: () => void) => withContext({ requestId }, run);
  for (const id of [1, 2, 3]) request(id, () => log.debug("query of %d", id));
  log.debug("of no request");
  request(2, () => log.info("at once"));
  request(2, () => log.error("failed"));
  request(2, () => log.debug("after it"));
  request(3, () => log.debug("goes well"));
  assertEquals(target.messages, ["at once", "query of 2", "failed", "after it"]);
});

Deno.test("those whose field is null belong to no request, and not all to one", () => {
  const { log, target } = newTree({ by: "requestId" });
  const request = (run: () => void) => withContext({ requestId: new Headers().get("id") }, run);
  request(() => log.debug("of one"));
  request(() => log.error("another fails"));
  request(() => log.debug("of a third"));
  assertEquals(target.messages, ["another fails"]);
});

Deno.test("without a field all are kept alike, and again after each error", () => {
  const { log, target } = newTree({ passLevel: "WARNING", capacity: 2 });
  for (const message of ["a", "b", "c"]) log.info(message);
  log.error("first");
  log.debug("d");
  assertEquals(target.messages, [
    "1 earlier records below WARNING were let go of: there were too many",
    "b",
    "c",
    "first",
  ]);
  log.critical("second");
  assertEquals(target.messages.slice(4), ["d", "second"]);
});

Deno.test("what is told of lost records has the request's fields, which a format may name", () => {
  const { log, target } = newTree({ by: "user.id", capacity: 1 });
  const lines: string[] = [];
  target.setFormatter(new Formatter("%(filename)s %(tenant)s %(user)s %(message)s"));
  target.emit = (record) => void lines.push(target.format(record));
  withContext({ tenant: "t" }, () => {
    for (const message of ["a", "b"]) log.debug(message, { user: { id: 7 } });
    log.error("failed", { user: { id: 7 } });
  });
  const begin = `${import.meta.filename!.split("/").at(-1)} t {'id': 7}`;
  const note = "1 earlier records below INFO were let go of: there were too many";
  assertEquals(lines, [`${begin} ${note}`, `${begin} b`, `${begin} failed`]);
});

Deno.test("values are bounded: those used longest ago are forgotten", () => {
  const { log, target } = newTree({ by: "id", values: 2 });
  for (const id of [1, 2, 1, 3]) log.debug("of %d", id, { id });
  for (const id of [1, 3, 2]) log.error("failed", { id });
  assertEquals(target.messages, ["of 1", "of 1", "failed", "of 3", "failed", "failed"]);
});

Deno.test("what is kept still knows its caller, and the target's level counts", () => {
  const { log, target, handler } = newTree();
  target.setFormatter(new Formatter("%(funcName)s"));
  function here() {
    log.debug("x");
  }
  here();
  target.setLevel("ERROR");
  log.error("y");
  assertEquals(target.messages, ["y"]);
  target.setLevel("DEBUG");
  here();
  log.error("y");
  assertEquals(target.records.slice(1).map(({ funcName }) => funcName), ["here", "<module>"]);
  here();
  handler.close();
  log.error("nobody writes it");
  assertEquals([target.records.length, handler.silence], [3, "it has no target"]);
});

Deno.test("what cannot be used is refused", () => {
  for (
    const options of [{ flushLevel: "x" }, { capacity: 0 }, { target: {} }, { capacity: 1e9 }, {
      bye: 1,
    }]
  ) {
    assertThrows(() => new FingersCrossedHandler(options as never), Error, "FingersCrossedHandler");
  }
});

Deno.test("the record that lets the others out is written, whatever its level", () => {
  const { log, target } = newTree({ flushLevel: "INFO", passLevel: "WARNING" });
  log.debug("a");
  log.info("b");
  log.debug("c");
  assertEquals(target.messages, ["a", "b"]);
});
