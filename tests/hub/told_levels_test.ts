import { assertEquals, assertStrictEquals } from "@std/assert";
import { addLevelName } from "../../src/core/levels/levels.ts";
import { changedLevels, readStatus } from "../../src/wire/message.ts";
import { Registry } from "../../src/config/build/registry.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import { Logger, type LoggerContext } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { toldChange, ToldLevels } from "../../src/hub/thread/told_levels.ts";

Deno.test("levels are told as they are, however they came about", () => {
  const manager = new Manager();
  const teller = new ToldLevels(manager);
  assertEquals(teller.tell(), { root: "WARNING" });
  manager.getLogger("app").setLevel("DEBUG");
  assertEquals(teller.tell(), { root: "WARNING", app: "DEBUG" });
  addLevelName(10, "FINE");
  try {
    assertEquals(teller.tell(), { root: "WARNING", app: "FINE" });
  } finally {
    addLevelName(10, "DEBUG");
  }
  manager.loggerClass = class Loud extends Logger {
    constructor(name: string, context: LoggerContext) {
      super(name, context, 40);
    }
  };
  manager.getLogger("loud");
  assertEquals(teller.tell(), { root: "WARNING", app: "DEBUG", loud: "ERROR" });
});

Deno.test("threads whose levels are the same tell the same, in whatever order they made the loggers", () => {
  const told = [["a", "root.x", "b"], ["b", "a", "root.x"]].map((names) => {
    const manager = new Manager(), teller = new ToldLevels(manager), before = teller.all();
    for (const name of names) manager.getLogger(name).setLevel("ERROR");
    const line = JSON.stringify({
      ...{ logdial: 1, name: "W", pid: 1, port: 9001, changed: null },
      levels: teller.tell(),
    });
    const config = describeConfig(manager, new Registry());
    return JSON.stringify([
      readStatus(line)!.levels,
      changedLevels(before, teller.all()),
      config.loggers,
    ]);
  });
  assertEquals(told[0], told[1]);
  const levels = '[{"root":"WARNING","a":"ERROR","b":"ERROR","root.x":"ERROR"},';
  assertEquals(told[0]!.slice(0, levels.length), levels);
});

Deno.test("while no level can have changed they are not looked at again", () => {
  const manager = new Manager();
  const teller = new ToldLevels(manager);
  assertStrictEquals(teller.tell(), teller.tell());
});

Deno.test("of more loggers than are told, those that a change has turned are", () => {
  const manager = new Manager();
  const teller = new ToldLevels(manager);
  for (let i = 0; i < 1500; i++) manager.getLogger(`m.${i}`).setLevel("INFO");
  const before = teller.all();
  manager.getLogger("m").setLevel("DEBUG");
  manager.getLogger("m.1400").setLevel("NOTSET");
  const { previous, levels } = toldChange(before, teller.all());
  assertEquals(changedLevels(previous, levels).sort(), [
    "m NOTSET → DEBUG",
    "m.1400 INFO → NOTSET",
  ]);
  assertEquals([Object.keys(teller.tell()).length, Object.keys(levels).length], [1000, 999]);
});
