/** 28 threads that log in rounds; the argument says how, stdin for how long. */
import { fileConfig, FileHandler, getLevelNamesMapping, getLogger, listen } from "../../mod.ts";
import { stdinLines } from "../fixtures/stdin_lines.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import {
  type Manner,
  ROUND_LEVELS,
  SOAK_LOGGER,
  type SoakOrder,
  type SoakTask,
  type Tally,
} from "./soak_task.ts";

/** Words that main and a worker share. */
const BEGUN = 0, DONE = 1, STOP = 2, ENDED = 3, COLLECT = 4, HEAP = 5, WORDS = 6;

/** What a worker is started with. */
interface Start {
  readonly task: SoakTask;
  readonly manner: Manner;
  readonly words: SharedArrayBuffer;
}

/** Ways in which a passing worker ends. */
type Goodbye = "close" | "exit" | "throw" | "terminate";

const inWorker = typeof (globalThis as { WorkerGlobalScope?: unknown }).WorkerGlobalScope ===
  "function";

const LEVEL_NUMBERS = ROUND_LEVELS.map((name) => getLevelNamesMapping()[name]!);

/** A thread's rounds. */
class Rounds {
  readonly #words: Int32Array;
  readonly #logger = getLogger(SOAK_LOGGER);

  constructor(words: SharedArrayBuffer) {
    this.#words = new Int32Array(words);
  }

  get isOver(): boolean {
    return Atomics.load(this.#words, STOP) !== 0;
  }

  /** One record of each level, the last one of which always comes out. */
  log(): void {
    const round = Atomics.add(this.#words, BEGUN, 1);
    const begin = Date.now();
    const width = round % 97 === 0 ? 3000 : round % 60;
    const padding = "x".repeat(width);
    for (const level of LEVEL_NUMBERS) {
      this.#logger.log(level, "%d %d %d %s", round, begin, width, padding);
    }
    Atomics.add(this.#words, DONE, 1);
    if (Atomics.load(this.#words, COLLECT) === 0) return;
    // Twice, since what is freed may free more.
    for (let time = 0; time < 2; time++) (globalThis as unknown as { gc(): void }).gc();
    Atomics.store(this.#words, HEAP, Deno.memoryUsage().heapUsed / 1024);
    Atomics.store(this.#words, COLLECT, 0);
  }

  end(): void {
    Atomics.store(this.#words, ENDED, 1);
    Atomics.notify(this.#words, ENDED);
  }
}

/** Configurations from outside may only name a device that the program has open. */
const nullDevice = new FileHandler("/dev/null");

function start(task: SoakTask): void {
  if (nullDevice.stream === undefined) throw new Error("The device cannot be opened");
  fileConfig(task.conf);
  // Not awaited: it has a port when it returns.
  listen(undefined, {
    ports: task.ports,
    readTimeout: 1000,
    wireHandlers: ["logging.FileHandler"],
  });
}

/** Logs in its manner until it is to stop. */
function live(manner: Manner, rounds: Rounds, atEnd: () => void): void {
  if (manner === "idle") {
    const timer = setInterval(() => {
      if (!rounds.isOver) return rounds.log();
      clearInterval(timer);
      atEnd();
    }, 150);
    return;
  }
  const pause = new Int32Array(new SharedArrayBuffer(4));
  while (!rounds.isOver) {
    const until = performance.now() + 2;
    while (performance.now() < until);
    rounds.log();
    Atomics.wait(pause, 0, 0, manner === "deaf" ? 350 : 10);
  }
  atEnd();
}

function runWorker(): void {
  let rounds: Rounds;
  self.addEventListener("message", (event) => {
    const { data } = event as MessageEvent<Start | Goodbye>;
    if (typeof data !== "string") {
      rounds = new Rounds(data.words);
      start(data.task);
      return live(data.manner, rounds, () => {
        rounds.end();
        self.close();
      });
    }
    rounds.log();
    rounds.end();
    if (data === "close") self.close();
    else if (data === "exit") Deno.exit(0);
    else throw new Error("thrown on purpose");
  });
}

/** A worker as main sees it. */
class Hired {
  readonly #worker: Worker;
  readonly #words = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  readonly #name: string;

  constructor(task: SoakTask, name: string, manner: Manner) {
    this.#name = name;
    this.#worker = new Worker(import.meta.url, { type: "module", name });
    this.#worker.addEventListener("error", (event) => event.preventDefault());
    const words = this.#words.buffer as SharedArrayBuffer;
    this.#worker.postMessage({ task, manner, words } satisfies Start);
  }

  get tally(): Tally {
    const [begun, done] = [Atomics.load(this.#words, BEGUN), Atomics.load(this.#words, DONE)];
    return { thread: this.#name, begun, done };
  }

  /** Waits until it has logged. */
  async settled(): Promise<void> {
    while (this.tally.done === 0) await pause(20);
  }

  /** Has it collect its garbage; gives what is left, in KiB. */
  collect(): Promise<number> {
    return collect(this.#words);
  }

  /** Lets it stop by itself. */
  async stop(): Promise<void> {
    Atomics.store(this.#words, STOP, 1);
    await this.#ended();
  }

  /** Ends it, one way or another. */
  async dismiss(goodbye: Goodbye): Promise<void> {
    if (goodbye === "terminate") return this.#worker.terminate();
    this.#worker.postMessage(goodbye);
    await this.#ended();
  }

  async #ended(): Promise<void> {
    const { value } = Atomics.waitAsync(this.#words, ENDED, 0);
    await value;
  }
}

async function runMain(): Promise<void> {
  const task = JSON.parse(Deno.args[0]!) as SoakTask;
  const random = new SeededBytes(task.seed);
  const words = new SharedArrayBuffer(4 * WORDS);
  const own = new Rounds(words);
  start(task);
  const lasting = Object.entries(task.lasting).map(([name, manner]) =>
    new Hired(task, name, manner)
  );
  const hire = (slot: number, turn: number) => new Hired(task, `P${slot}.${turn}`, "idle");
  const passing = Array.from({ length: task.passing }, (_, slot) => hire(slot, 0));
  await Promise.all([...lasting, ...passing].map((one) => one.settled()));
  const mainEnd = new Promise<void>((resolve) => live("idle", own, resolve));
  say("ready");
  let state: SoakOrder = "rest";
  let turns = 0, changed = Promise.resolve();
  const gone: Hired[] = [];
  const churn = async () => {
    while (state === "churn") {
      await pause(200 + random.below(1300));
      const slot = random.below(passing.length);
      const goodbyes = ["close", "exit", "throw", "terminate"] as const;
      await passing[slot]!.dismiss(goodbyes[random.below(goodbyes.length)]!);
      gone.push(passing[slot]!);
      await (passing[slot] = hire(slot, ++turns)).settled();
    }
  };
  for await (const order of orders()) {
    state = order;
    await changed;
    if (order === "collect") {
      for (const one of passing) await one.collect();
      const all = lasting.map((one) => one.collect());
      const heaps = await Promise.all([collect(new Int32Array(words)), ...all]);
      say(`heaps ${heaps.reduce((sum, heap) => sum + heap)}`);
    }
    say(order);
    if (order === "churn") changed = churn();
    if (order === "stop") break;
  }
  Atomics.store(new Int32Array(words), STOP, 1);
  await Promise.all([mainEnd, ...[...lasting, ...passing].map((one) => one.stop())]);
  const [begun = 0, done = 0] = new Int32Array(words);
  const tallies = [...gone, ...lasting, ...passing].map(({ tally }) => tally);
  for (const one of [{ thread: "MainProcess", begun, done }, ...tallies]) say(JSON.stringify(one));
}

/** Has the thread with these words collect its garbage after its next round. */
async function collect(words: Int32Array): Promise<number> {
  Atomics.store(words, COLLECT, 1);
  while (Atomics.load(words, COLLECT) !== 0) await pause(20);
  return Atomics.load(words, HEAP);
}

function orders(): ReadableStream<SoakOrder> {
  return stdinLines() as ReadableStream<SoakOrder>;
}

function say(what: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`soak: ${what}\n`));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

if (inWorker) runWorker();
else await runMain();
