import { assertEquals } from "@std/assert";
import { captureState } from "../../src/config/apply/logging_state.ts";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { History } from "../../src/hub/thread/history.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";
import { ListHandler } from "../harness/list_handler.ts";

/** One whose `handle` itself fails, which catches what `emit` throws. */
class BrokenHandler extends Handler {
  override emit(): void {}

  override handle(): boolean {
    throw new Error("thrown on purpose");
  }
}

const ENTRY = { at: "2026-11-22T00:00:00Z", by: "somebody", what: "change" };

Deno.test("a handler that throws keeps a change from no other handler, then and now", async (t) => {
  for (const when of ["now", "before"] as const) {
    await t.step(when, () => {
      const manager = new Manager(), list = new ListHandler();
      manager.root.setLevel("DEBUG");
      manager.root.handlers = [new BrokenHandler(), list];
      const before = captureState(manager);
      // What a level that is being turned down would hide is told with the old set-up.
      if (when === "before") manager.root.setLevel("CRITICAL");
      using stderr = new CapturedWrites(Deno.stderr);
      const history = new History(manager);
      history.note({ ...ENTRY, outcome: "applied", detail: "no level changed" }, before);
      assertEquals(list.records.length, 1);
      assertEquals(history.entries.length, 1);
      assertEquals(stderr.text.includes("thrown on purpose"), true, stderr.text);
    });
  }
});

Deno.test("refusals drive no changes out of the history, and all but the last of too many go", () => {
  const history = new History(new Manager());
  const note = (outcome: "applied" | "rejected", detail: string) =>
    history.note({ ...ENTRY, outcome, detail });
  for (let at = 0; at < 45; at++) note("applied", `change ${at}`);
  for (let at = 0; at < 200; at++) note("rejected", `refusal ${at}`);
  const kept = history.entries.map(({ detail }) => detail);
  const numbered = (word: string, from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => `${word} ${from + at}`);
  assertEquals(kept, [...numbered("change", 0, 45), ...numbered("refusal", 145, 200)]);
  for (let at = 45; at < 60; at++) note("applied", `change ${at}`);
  const [first, ...rest] = history.entries.map(({ detail }) => detail);
  assertEquals([first, rest.length], ["change 10", 99], "few refusals are as old as they are");
});

Deno.test("what is told of a change takes none of the lines that it may bring out", () => {
  for (const [root, lowest] of [["ERROR", "NOTSET"], ["INFO", "ERROR"]] as const) {
    const manager = new Manager(), list = new ListHandler();
    list.opens = true;
    list.setLevel(lowest);
    manager.root.setLevel(root);
    manager.root.handlers = [list];
    const changes = new ReversibleChanges(manager, standardRegistry());
    let left = 1;
    changes.linesOf = () => ({ take: () => left-- > 0, settle: () => {} });
    const text = JSON.stringify({
      version: 1,
      incremental: true,
      root: { level: "DEBUG" },
      logdial: { open: true },
    });
    changes.apply({ id: "c", seq: 1, text, by: "test", at: "", lines: 1, expiresAt: 1e15 });
    new History(manager).note({ ...ENTRY, outcome: "applied", detail: "root → DEBUG" });
    for (const text of ["first", "second"]) manager.getLogger("app").debug(text);
    assertEquals(list.messages, ["change applied, by somebody: root → DEBUG", "first"]);
  }
});
