import { assertEquals } from "@std/assert";
import { captureState } from "../../src/config/apply/logging_state.ts";
import { markBridged } from "../../src/core/loggers/bridged.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { changeNotes, levelNotes } from "../../src/hub/thread/change_notes.ts";
import { ToldLevels } from "../../src/hub/thread/told_levels.ts";
import { reportText } from "../../src/hub/thread/report_text.ts";
import { CapturedWrites } from "../harness/captured_writes.ts";

Deno.test("notes that cannot be made are left out, which is told once", () => {
  const manager = new Manager();
  const before = captureState(manager);
  const unmark = markBridged(manager.getLogger("app"), "lib", () => {
    throw new Error("thrown on purpose");
  });
  const levels = new ToldLevels(manager);
  levels.tell();
  using stderr = new CapturedWrites(Deno.stderr);
  assertEquals(changeNotes(manager, before, { turns: ["app"] }), {});
  const { opened, silent, bridged } = levelNotes(manager, levels, ["app"]);
  assertEquals([opened, silent, bridged], [[], [], { app: "lib" }]);
  assertEquals(
    stderr.text,
    "logdial: cannot tell where records come out: Error: thrown on purpose\n",
  );
  unmark();
  assertEquals(Object.keys(changeNotes(manager, before, { turns: ["app"] })), ["unknown"]);
});

Deno.test("an outcome that is no JSON is told as an error, and spoils no other", () => {
  const itself: Record<string, unknown> = {};
  itself.itself = itself;
  const levels = { root: "INFO" };
  const good = { id: 1, previous: levels, levels, result: ["told"] };
  const outcomes = [good, { id: 2, previous: levels, levels, result: itself }];
  const report = { outcomes, levels, notes: {}, changed: null, overrides: [] };
  const told = JSON.parse(reportText(report));
  assertEquals(told.outcomes[0], good);
  const { result, error } = told.outcomes[1];
  assertEquals([result, error.message.includes("circular")], [undefined, true], error.message);
  assertEquals(told.levels, levels);
});
