import { tail } from "../../../src/client/tail.ts";
import type { Pace, Result } from "../case.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { summarize } from "../statistics.ts";

/** What is called. */
export type CallKind = "disabled" | "enabled";

const ROUNDS: Record<Pace, number> = { full: 40, quick: 24 };
const WARM_UP_ROUNDS = 3;
/** Calls in a round. */
const CALLS: Record<CallKind, number> = { disabled: 3_000_000, enabled: 100_000 };

/** A program that logs. */
class Contestant {
  readonly name: string;
  readonly times: number[] = [];
  readonly #process: LineProcess;
  readonly #kind: CallKind;

  private constructor(name: string, process: LineProcess, kind: CallKind) {
    this.name = name;
    this.#process = process;
    this.#kind = kind;
  }

  /** Starts one; `isTailed` has it watched once before anything is measured. */
  static async start(name: string, kind: CallKind, args: string[], isTailed = false) {
    const [deno, ...rest] = await denoCommand(new URL("./program.ts", import.meta.url));
    const process = new LineProcess([deno, ...rest, ...args], "stdout");
    const port = Number((await process.read()).split(" ")[1]);
    const one = new Contestant(name, process, kind);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await one.call();
    if (isTailed) await watchOnce(port, one);
    one.times.length = 0;
    return one;
  }

  /** One round. */
  async call(kind: CallKind = this.#kind, calls = CALLS[kind]): Promise<void> {
    await this.#process.write(`${kind} ${calls}\n`);
    this.times.push(Number(await this.#process.read()));
  }

  async stop(): Promise<void> {
    await this.#process.kill();
  }
}

/** Time of a call while nobody watches: where nobody ever has, and where somebody has once. */
export async function measureTail(kind: CallKind, pace: Pace): Promise<Result> {
  const all = [
    await Contestant.start("watched once", kind, ["listen"], true),
    await Contestant.start("never watched", kind, ["listen"]),
    await Contestant.start("not listening", kind, []),
  ];
  try {
    for (let round = 0; round < ROUNDS[pace]; round++) for (const one of all) await one.call();
    const [ours, ...peers] = all.map(({ name, times }) => ({ name, times: summarize(times) }));
    return { unit: "ns", ours: ours!, peers, also: [], target: 1.25 };
  } finally {
    for (const one of all) await one.stop();
  }
}

/** Watches a program until it has seen a record, then leaves. */
async function watchOnce(port: number, one: Contestant): Promise<void> {
  const records = tail({ port, level: "DEBUG" });
  const first = records.next();
  let seen = false;
  void first.then(() => seen = true);
  while (!seen) await one.call("enabled", 100);
  await records.return(undefined);
  // It has heard of the end when a change after it has been answered.
  for (let round = 0; round < 2; round++) await one.call();
}
