import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import type { LogBench } from "../harness/log_bench.ts";

/** What is said of a configuration that is refused. */
export interface Refusal {
  readonly says: RegExp;
  readonly section?: string;
  readonly key?: string;
}

/** Asserts that `apply` is refused, and that the bench logs warnings as it has before. */
export function assertRefused(
  bench: LogBench,
  apply: () => void,
  { says, section, key }: Refusal,
): void {
  const before = bench.describe();
  const error = assertThrows(apply) as ConfigError;
  assert(error instanceof ConfigError, String(error));
  assert(says.test(error.message), error.message);
  assert(!error.message.endsWith("."));
  if (section !== undefined) assertEquals(error.section, section);
  if (key !== undefined) assertEquals(error.key, key);
  assertEquals(bench.describe(), before);
  bench.logger().warning("still here");
  assertEquals(bench.takeStdout(), "WARNING root still here\n");
}
