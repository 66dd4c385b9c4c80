import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { LogBench } from "../harness/log_bench.ts";

const CASES: {
  desc: string;
  config: object;
  says: string;
  place: readonly [section: string | undefined, key: string];
}[] = [
  {
    desc: "an argument",
    config: { handlers: { h: { class: "logging.StreamHandler", stream: "ext://app.out" } } },
    says: 'Cannot resolve "ext://app.out": nothing is registered by that name, registerObject(',
    place: ["handlers.h", "stream"],
  },
  {
    desc: "an item of an argument",
    config: { handlers: { h: { class: "app.H", to: ["a", { b: ["cfg://no.such"] }] } } },
    says: 'Cannot resolve "cfg://no.such": there is no "no"',
    place: ["handlers.h", "to"],
  },
  {
    desc: "a level",
    config: { loggers: { "app.db": { level: "cfg://levels[0]" } }, levels: [] },
    says: "there is no item 0",
    place: ["loggers.app.db", "level"],
  },
  {
    desc: "a format",
    config: { formatters: { f: { format: "cfg://formats.x.y" } }, formats: { x: "%(message)s" } },
    says: 'there is no "y"',
    place: ["formatters.f", "format"],
  },
  {
    desc: "a factory",
    config: { filters: { few: { "()": "ext://app.few" } } },
    says: 'Cannot resolve "ext://app.few"',
    place: ["filters.few", "()"],
  },
  {
    desc: "a whole table",
    config: { handlers: "cfg://mine" },
    says: 'there is no "mine"',
    place: [undefined, "handlers"],
  },
  {
    desc: "what a reference leads to",
    config: { root: { level: "cfg://levels.high" }, levels: { high: "ext://app.level" } },
    says: 'Cannot resolve "ext://app.level"',
    place: ["levels", "high"],
  },
];

Deno.test("a reference that leads nowhere is told with its section and key", async (t) => {
  const bench = new LogBench();
  for (const { desc, config, says, place } of CASES) {
    await t.step(desc, () => {
      const { section, key, message } = assertThrows(
        () => bench.dict({ version: 1, ...config }),
        ConfigError,
        says,
      );
      assertEquals([section, key], place, message);
    });
  }
});
