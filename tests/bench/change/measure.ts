import type { Entry, Pace, Result, RunOptions } from "../case.ts";
import { summarize } from "../statistics.ts";
import { TARGETS } from "./configs.ts";
import { Fleet, type FleetOptions } from "./fleet.ts";
import { Sender, type SentFile, writeTargets } from "./sender.ts";

/** What is measured. */
export interface ChangeOptions {
  readonly listeners: number;
  /** Whether all listeners compute, and log, without ever yielding. */
  readonly computing: boolean;
  /** See `Result`. */
  readonly target: number;
}

/** Rounds at most, and how long they may take together, in milliseconds. */
const LIMITS: Record<Pace, { rounds: number; time: number }> = {
  full: { rounds: 30, time: 15_000 },
  quick: { rounds: 12, time: 2_500 },
};
const MIN_ROUNDS = 4, WARM_UP_ROUNDS = 2;
/** A fleet that is left alone ends by itself after this, in milliseconds. */
const DEADLINE = 120_000;

/** A way to change a fleet. */
interface Contestant {
  readonly name: string;
  readonly fleet: Fleet;
  readonly sender: Sender;
  readonly times: number[];
}

/**
 * Time from the sender's start until the last listener has applied the configuration: each
 * tells when the new handler is made. One of ours that computes does so inside a log call
 * of its loop, a CPython process in the thread that listens; in both the next call obeys.
 */
export async function measureChange(
  { listeners: count, computing, target }: ChangeOptions,
  { pace, python }: RunOptions,
): Promise<Result> {
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  const ended: (() => Promise<void>)[] = [() => Deno.remove(folder, { recursive: true })];
  const keep = <T extends { stop(): Promise<void> }>(one: T) => {
    ended.push(() => one.stop());
    return one;
  };
  try {
    const files = await writeTargets(folder, TARGETS);
    const options = { count, computing, config: TARGETS[0].text, deadline: DEADLINE, folder };
    const contestants = await enter(options, python, keep);
    await runRounds(contestants, files, computing, LIMITS[pace]);
    return conclude(contestants, target);
  } finally {
    for (const end of ended.toReversed()) await end();
  }
}

type Keep = <T extends { stop(): Promise<void> }>(one: T) => T;

/** Starts fleets and senders; a computing fleet is paused at once, so that others can start. */
async function enter(
  options: FleetOptions,
  python: string | undefined,
  keep: Keep,
): Promise<Contestant[]> {
  const ours = keep(await Fleet.startOurs(options));
  if (options.computing) ours.pause();
  const own = keep(await Sender.startOwn());
  const contestants = [{ name: "own sender", fleet: ours, sender: own, times: [] }];
  if (python === undefined) return contestants;
  const theirs = keep(await Fleet.startPython(python, options));
  if (options.computing) theirs.pause();
  const reference = keep(Sender.startReference(python));
  return [
    { name: "ours", fleet: ours, sender: reference, times: [] },
    { name: "CPython", fleet: theirs, sender: reference, times: [] },
    ...contestants,
  ];
}

async function runRounds(
  contestants: Contestant[],
  files: readonly SentFile[],
  computing: boolean,
  limits: { rounds: number; time: number },
): Promise<void> {
  /** Each fleet starts at the first target. */
  const turns = new Map<Fleet, number>();
  const begin = performance.now();
  for (let round = -WARM_UP_ROUNDS; round < limits.rounds; round++) {
    if (round > MIN_ROUNDS && performance.now() - begin > limits.time) return;
    for (const { fleet, sender, times } of contestants) {
      const turn = (turns.get(fleet) ?? 0) + 1;
      turns.set(fleet, turn);
      const time = await change(fleet, sender, files[turn % files.length]!, computing);
      if (round >= 0) times.push(time);
    }
    // Whoever shares a fleet must not always turn it the same way.
    contestants.reverse();
  }
}

/** Changes the fleet; returns the milliseconds that it took. */
export async function change(
  fleet: Fleet,
  sender: Sender,
  file: SentFile,
  computing: boolean,
): Promise<number> {
  if (computing) fleet.resume();
  // Long enough for each of its threads to have had a turn.
  await sleep(20 + Math.random() * 10 + (computing ? fleet.count * 4 : 0));
  await sender.send(file, fleet);
  // Reading what they tell would take time from them.
  await sleep(20 + fleet.count * (computing ? 8 : 2));
  const end = await fleet.untilAllAt(file.level);
  const begin = await sender.began();
  if (computing) fleet.pause();
  return end - begin;
}

function conclude(contestants: readonly Contestant[], target: number): Result {
  const entry = (name: string): Entry[] =>
    contestants.filter((one) => one.name === name)
      .map(({ times }) => ({ name, times: summarize(times) }));
  const [peer] = entry("CPython"), [own] = entry("own sender");
  const [ours = own!] = entry("ours");
  return {
    unit: "ms",
    ours,
    peers: peer === undefined ? [] : [peer],
    also: ours === own ? [] : [own!],
    target,
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
