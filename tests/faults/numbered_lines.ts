import { assertEquals } from "@std/assert";
import { WIDTH } from "./fault_task.ts";

/** What has become of a writer's lines. */
export interface LineCount {
  /** Whole ones, each counted once. */
  readonly whole: number;
  /** Numbers below the highest that are missing. */
  readonly lost: number;
  readonly doubled: number;
  /** Lines that follow one with a higher number. */
  readonly disordered: number;
}

/** How many lines a writer has logged before the fault, and whether it may have logged more. */
export interface Logged {
  readonly count: number;
  readonly orMore?: boolean;
}

const LINE = /^(\w+) (\d{6,}) (x+)$/;

/** Counts the lines of each writer; what is not one whole line is given back as torn. */
export function countLines(lines: Iterable<string>, width = WIDTH): {
  readonly writers: ReadonlyMap<string, LineCount>;
  readonly torn: readonly string[];
} {
  const seen = new Map<string, { numbers: Set<number>; last: number; disordered: number }>();
  const torn: string[] = [];
  const doubled = new Map<string, number>();
  for (const line of lines) {
    const [, name, digits, padding] = LINE.exec(line) ?? [];
    if (name === undefined || padding!.length !== width) {
      torn.push(line.slice(0, 200));
      continue;
    }
    let one = seen.get(name);
    if (one === undefined) seen.set(name, one = { numbers: new Set(), last: -1, disordered: 0 });
    const number = Number(digits);
    if (one.numbers.has(number)) doubled.set(name, (doubled.get(name) ?? 0) + 1);
    else if (number < one.last) one.disordered++;
    one.numbers.add(number);
    one.last = number;
  }
  const writers = new Map<string, LineCount>();
  for (const [name, { numbers, disordered }] of seen) {
    let highest = -1;
    for (const number of numbers) highest = Math.max(highest, number);
    writers.set(name, {
      whole: numbers.size,
      lost: highest + 1 - numbers.size,
      doubled: doubled.get(name) ?? 0,
      disordered,
    });
  }
  return { writers, torn };
}

/** Every line that was logged is there, once, whole and in its writer's order. */
export function assertNothingLost(
  lines: Iterable<string>,
  logged: Readonly<Record<string, Logged | number>>,
  width?: number,
): void {
  const { writers, torn } = countLines(lines, width);
  assertEquals(torn, [], "torn lines");
  assertEquals([...writers.keys()].sort(), Object.keys(logged).sort());
  for (const [name, wanted] of Object.entries(logged)) {
    const { count, orMore = false } = typeof wanted === "number" ? { count: wanted } : wanted;
    const found = writers.get(name)!;
    const whole = orMore ? Math.max(count, found.whole) : count;
    assertEquals(found, { whole, lost: 0, doubled: 0, disordered: 0 }, `lines of ${name}`);
  }
}
