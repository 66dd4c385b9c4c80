import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { readFrameText } from "../../src/wire/command.ts";

function command(parameters: Readonly<Record<string, unknown>>) {
  return readFrameText(JSON.stringify({ logdial: parameters })).command;
}

Deno.test("a number that JSON cannot write does not travel as null", () => {
  const change = (level: string) =>
    readFrameText(`{"version": 1, "incremental": true, "root": {"level": ${level}}}`);
  const dict = { version: 1, incremental: true, root: { level: 10 } };
  assertEquals(change("10").parsed, JSON.stringify({ kind: "dict", dict }));
  for (const level of ["1e400", "-1e400"]) assertEquals(change(level).parsed, undefined);
});

Deno.test("why takes loggers' names of any length that a logger may have", () => {
  const why = (logger: string) => command({ command: "why", logger, level: 10 });
  const name = "a".repeat(1000);
  assertEquals(why(name), { kind: "why", logger: name, level: 10 });
  assertThrows(() => why(`${name}a`), ConfigError, "1000");
  assertThrows(() => why(""), ConfigError, "logger must be a text");
});

Deno.test("a rollback says how many changes, or which", () => {
  const rollback = (parameters: object) => command({ command: "rollback", ...parameters });
  assertEquals(rollback({ ids: ["a", "b"] }), { kind: "rollback", steps: 1, ids: ["a", "b"] });
  assertEquals(rollback({ steps: 3 }), { kind: "rollback", steps: 3 });
  assertThrows(() => rollback({}), ConfigError, "steps must be");
  assertThrows(() => rollback({ ids: [1] }), ConfigError, "ids must be");
  assertThrows(() => rollback({ ids: ["a"], steps: 0 }), ConfigError, "steps must be");
});
