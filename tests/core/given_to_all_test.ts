import { assertEquals, assertThrows } from "@std/assert";
import { basicConfig, Formatter, getLogger, type LogRecord } from "../../mod.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** Lets all objects have one more property meanwhile, which loops over properties find. */
function giveAll(name: string): Disposable {
  const all = Object.prototype as unknown as Record<string, unknown>;
  all[name] = () => {};
  return { [Symbol.dispose]: () => void delete all[name] };
}

Deno.test("what a program gives to all objects is no option, no field and no argument", () => {
  const handler = new ListHandler(), records: LogRecord[] = handler.records;
  const log = getLogger("given_to_all");
  log.propagate = false;
  log.addHandler(handler);
  using _ = giveAll("extend");
  basicConfig({ handlers: [], force: true });
  const formatter = new Formatter("%(message)s %(fields)s", undefined, "%", true, { escape: true });
  log.error("sent", { user: "kim" });
  log.error("failed", { exc_info: new Error("no"), stack_info: false });
  log.error("empty", {});
  assertEquals(records.pop()!.args, [{}]);
  log.error("%s", {});
  assertEquals(records.map((record) => formatter.format(record).split("\n")[0]), [
    "sent user=kim",
    "failed ",
    "{} ",
  ]);
  assertEquals((records[1]!.exc_info as Error).message, "no");
  const wrong = { extends: 1 } as never;
  assertThrows(() => basicConfig(wrong), TypeError, 'Cannot use option "extends"');
});
