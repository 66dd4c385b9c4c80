/**
 * Sends random and mutated frames to a live process and looks whether it takes harm:
 *
 *     deno run -A tests/wire/fuzz.ts --count 100000 [--seed 1]
 *
 * @module
 */
import { parseAck, parseStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { DEADLINE_MS } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { RawPeer, sendConfig } from "../harness/raw_peer.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";
import { FuzzFrames } from "./fuzz_frames.ts";

/** Connections at a time. */
const PARALLEL = 16;

/** How much is sent. */
export interface FuzzOptions {
  readonly seed: number;
  /** How many frames. */
  readonly count: number;
  /** Longest time for it, in milliseconds; then it is fewer frames. */
  readonly milliseconds: number;
}

/** What came of it. */
export interface FuzzReport {
  readonly sent: number;
  readonly seconds: number;
  /** How often the answer was which. */
  readonly answers: Readonly<Record<string, number>>;
  /** Resident memory after each tenth of it, in MiB. */
  readonly memory: readonly number[];
  /** Files and connections that are open and were not before. */
  readonly left: readonly string[];
  /** Lines on stderr that tell of more than a refusal. */
  readonly complaints: readonly string[];
}

/**
 * V8 lets its heaps grow as long as there is memory: 300,000 frames take the program from 230 to 375
 * MiB, where it stays. Kept small, they leave what grows by a fault of ours.
 */
const ALLOW = ["--allow-all", "--v8-flags=--optimize-for-size,--max-semi-space-size=1"];

/** Attacks a process whose main thread is idle and whose worker never yields. */
export async function fuzz({ seed, count, milliseconds }: FuzzOptions): Promise<FuzzReport> {
  using ports = PortBlock.claim(2);
  const args = [JSON.stringify({ ports: ports.range, prepareTimeout: 200 })];
  await using child = ChildProgram.deno("tests/fixtures/limits.ts", { args, allow: ALLOW });
  await child.until("START|Busy|DEBUG|busy");
  await checkHealth(child, ports, "BEFORE");
  const frames = new FuzzFrames(seed);
  const begin = performance.now();
  const answers: Record<string, number> = {};
  const descriptors = child.descriptors();
  const memory: number[] = [];
  let sent = 0;
  const isOver = () => sent >= count || performance.now() - begin > milliseconds;
  const attack = async () => {
    while (!isOver()) {
      const turn = sent++;
      const share = Math.max(turn / count, (performance.now() - begin) / milliseconds);
      if (share * 10 > memory.length + 1) memory.push(Math.round(child.residentMiB()));
      const answer = classify(await ask(ports.all[turn % 2]!, frames.next()));
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, attack));
  const seconds = (performance.now() - begin) / 1000;
  await checkHealth(child, ports, "AFTER");
  const left = await closedAll(child, descriptors);
  return {
    sent,
    seconds,
    answers,
    memory: [...memory, Math.round(child.residentMiB())],
    left,
    complaints: child.stderr.lines.filter((line) => !isExpected(line)),
  };
}

/** Waits until no more is open than before; else tells what is. */
async function closedAll(
  child: ChildProgram,
  before: readonly string[],
): Promise<readonly string[]> {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const now = child.descriptors();
    if (now.length <= before.length) return [];
    if (performance.now() > end) return now.filter((one) => !before.includes(one));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One request on a connection of its own; all that is said until it is closed. */
async function ask(port: number, bytes: Uint8Array): Promise<string> {
  using peer = await RawPeer.connect(port);
  try {
    await peer.write(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) return "";
  }
  await peer.endWriting();
  return await peer.readAll();
}

function classify(text: string): string {
  if (text === "") return "closed";
  const line = text.slice(0, text.indexOf("\n"));
  const ack = parseAck(line);
  if (ack !== undefined) return ack.status;
  if (parseStatus(line) !== undefined) return "status";
  const told = JSON.parse(line) as object;
  if ("records" in told || "end" in told) return "dump";
  return "message" in told ? "tail" : "unknown";
}

/** Both threads take a good configuration and log with it. */
async function checkHealth(child: ChildProgram, ports: PortBlock, tag: string): Promise<void> {
  for (const port of ports.all) {
    await sendConfig(port, { logdial: { command: "reset" } });
    const { status } = await sendConfig(port, taggedConfig(tag, "DEBUG"));
    if (status !== "applied") throw new Error(`Not applied after all: ${status}`);
  }
  await child.tell(`hello ${tag}`);
  await child.until(tagged(tag, "MainProcess", "DEBUG", `hello ${tag}`));
  await child.until(tagged(tag, "Busy", "DEBUG", "busy"));
}

/** Refusals are told, and what mutated formats make of records. */
function isExpected(line: string): boolean {
  return line.startsWith("logdial: refused a configuration") ||
    !/Uncaught|nhandled|listener failed|panicked| {4}at file:.*src\/hub/.test(line);
}

if (import.meta.main) {
  const option = (name: string, other: number) => {
    const at = Deno.args.indexOf(`--${name}`);
    return at < 0 ? other : Number(Deno.args[at + 1]);
  };
  const report = await fuzz({
    seed: option("seed", 20260101),
    count: option("count", 100_000),
    milliseconds: Infinity,
  });
  console.log(JSON.stringify(report, null, 2));
}
