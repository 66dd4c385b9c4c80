/**
 * `deno task test:bare`: the README's two commands on a bare machine (see
 * {@linkcode BareMachine}). The demo has to show lines of every thread until Ctrl-C ends it;
 * all tests have to pass.
 *
 * @module
 */
import { within } from "../harness/deadline.ts";
import { LineReader } from "../harness/line_reader.ts";
import { BareMachine } from "./bare_machine.ts";

/** Longest time for a download of Deno and what the demo imports, in milliseconds. */
const DOWNLOAD_MS = 10 * 60_000;
/** Longest time for all tests. */
const TESTS_MS = 45 * 60_000;

const THREADS = ["MainProcess", ...[1, 2, 3, 4].map((number) => `Logging Worker #${number}`)];

/** Starts the demo, waits for a round of every thread, and presses Ctrl-C. */
async function runDemo(machine: BareMachine): Promise<void> {
  const child = await machine.start("npx", ["-y", "deno", "task", "demo"], "piped");
  const stdout = new LineReader(child.stdout);
  try {
    const rounds = THREADS.flatMap((name) =>
      ["ERROR", "INFO", "DEBUG"].map((level) => `- ${name} - ${level} - `)
    );
    const all = Promise.all(rounds.map((line) => stdout.until(line)));
    const ended = child.status.then(({ code }) => {
      throw new Error(`The demo has ended with status ${code}:\n${stdout.lines.join("\n")}`);
    });
    await within(Promise.race([all, ended]), () => "the demo's lines", DOWNLOAD_MS);
  } finally {
    machine.interrupt();
  }
  const { code } = await within(child.status, () => "the end of the demo");
  if (code !== 130) throw new Error(`Ctrl-C ends the demo with status ${code}, not 130`);
  await stdout.ended;
  console.log(`demo: ok, ${stdout.lines.length} lines of ${THREADS.length} threads`);
}

/** Runs all tests. */
async function runTests(machine: BareMachine): Promise<void> {
  const child = await machine.start("npx", ["-y", "deno", "task", "test"], "inherit");
  const { code } = await within(child.status, () => "the end of all tests", TESTS_MS);
  if (code !== 0) throw new Error(`The tests have ended with status ${code}`);
  console.log("test: ok");
}

await using machine = await BareMachine.make();
// What runs has a process group of its own, which Ctrl-C at this terminal does not reach.
Deno.addSignalListener("SIGINT", () => machine.interrupt());
console.log(`bare: ${machine.conditions.join("\n      ")}`);
await runDemo(machine);
await runTests(machine);
const left = machine.leftovers();
if (left.length > 0) throw new Error(`The programs have left in TMPDIR: ${left.join(", ")}`);
