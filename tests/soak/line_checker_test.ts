import { assertEquals } from "@std/assert";
import { LineChecker } from "./line_checker.ts";
import { ROUND_LEVELS } from "./soak_task.ts";
import { Violations } from "./violations.ts";

/** Rounds of one thread, one a second from now on. */
function goodLines(count: number, tag = 1): string[] {
  const now = Date.now() + 1000;
  return Array.from({ length: count }, (_, round) => {
    const time = now + round * 1000;
    return ROUND_LEVELS.map((level) => line(tag, level, time, `${round} ${time} 3 xxx`));
  }).flat();
}

function line(tag: number, level: string, time: number, message: string): string {
  return `T${tag}|W|soak|${level}|${(time / 1000).toFixed(6)}|${message}|T${tag}`;
}

/** What is found in the lines of a thread that has logged so many rounds. */
function check(lines: readonly string[], rounds: number, prepare = (_: LineChecker) => {}) {
  const violations = new Violations();
  const checker = new LineChecker(violations);
  prepare(checker);
  checker.take(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
  checker.finish([{ thread: "W", begun: rounds, done: rounds }]);
  return { checker, told: violations.told.map((what) => what.split(/[:,]/)[0]) };
}

Deno.test("good lines are counted, in whatever order they come out", () => {
  const lines = goodLines(40);
  const { checker, told } = check([
    ...lines.slice(50, 60),
    ...lines.slice(0, 50),
    ...lines.slice(60),
  ], 40);
  assertEquals([told, checker.lines, checker.checked, checker.compared], [[], 200, 40, 0]);
});

const CASES: readonly { desc: string; spoil: (lines: string[]) => void; told: string[] }[] = [
  { desc: "a round", spoil: (lines) => lines.splice(50, 5), told: ["Lost"] },
  {
    desc: "the last round",
    spoil: (lines) => lines.splice(-5),
    told: ["W has logged 40 to 40 rounds"],
  },
  { desc: "its last line", spoil: (lines) => lines.splice(54, 1), told: ["Lost"] },
  { desc: "a doubled line", spoil: (lines) => lines.splice(50, 0, lines[50]!), told: ["Doubled"] },
  {
    desc: "a line that comes again much later",
    spoil: (lines) => lines.push(lines[3]!),
    told: ["Doubled"],
  },
  { desc: "a torn line", spoil: (lines) => lines[52] = lines[52]!.slice(0, -4), told: ["Torn"] },
  {
    desc: "a torn message",
    spoil: (lines) => lines[52] = lines[52]!.replace("xxx", "xx"),
    told: ["Torn"],
  },
  {
    desc: "a mixed line",
    spoil: (lines) => lines[52] = lines[52]!.replace(/T1$/, "T2"),
    told: ["Two configurations in a line"],
  },
];

for (const { desc, spoil, told } of CASES) {
  Deno.test(`what is wrong is found: ${desc}`, () => {
    const lines = goodLines(40);
    spoil(lines);
    assertEquals(check(lines, 40).told, told);
  });
}

Deno.test("lines are compared with what was acknowledged", () => {
  const lines = goodLines(10);
  const asDebug = (checker: LineChecker) => checker.expect("W", "DEBUG", 1);
  const good = check(lines, 10, asDebug);
  assertEquals([good.told, good.checker.compared], [[], 10]);
  const silent = lines.filter((_, index) => index !== 15);
  assertEquals(check(silent, 10, asDebug).told, ["Not as acknowledged"]);
  assertEquals(check(lines, 10, (checker) => checker.expect("W", "INFO", 1)).told.length, 10);
  assertEquals(check(lines, 10, (checker) => checker.expect("W", "DEBUG", 2)).told.length, 10);
  const unknown = check(lines, 10, (checker) => {
    checker.expect("W", "INFO", 2);
    checker.expectNothing();
  });
  assertEquals([unknown.told, unknown.checker.compared], [[], 0]);
});
