import { type Pace, type Result, type RunOptions, Skipped } from "../case.ts";
import type { Scenario } from "../calls/peer.ts";
import { denoCommand } from "../deno_command.ts";
import { LineProcess } from "../line_process.ts";
import { conclude, race, type RacePlan, type Racer } from "../race.ts";

/** Modules in `calls/peers/`, and how they log, by the names that are shown. */
const WAYS = {
  "RingHandler": ["logdial", "buffered-text"],
  "pino": ["pino", "buffered-text"],
  "StreamHandler": ["logdial", "text"],
  "pino sync": ["pino", "text"],
  "pieces by hand": ["pieces", "buffered-text"],
} as const satisfies Record<string, readonly [string, Scenario]>;

type WayName = keyof typeof WAYS;

/** Lines of each thread. */
const LINES = 50_000;
/** Starting more takes too long for a quick run. */
const MAX_QUICK_THREADS = 4;
/** How long a round may take, in milliseconds. */
const PATIENCE_MS = 120_000;

/** Each round is a process of its own. */
const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 1, rounds: 11, time: 300_000 },
  quick: { starts: 1, rounds: 2 },
};

/**
 * Time of a line when so many threads log into one pipe and have never done so before: from
 * "go" until the reader has had the last byte.
 */
export async function measureFirst(
  threads: number,
  target: number,
  { pace }: RunOptions,
): Promise<Result> {
  if (pace === "quick" && threads > MAX_QUICK_THREADS) throw new Skipped("only in full runs");
  const folder = await Deno.makeTempDir({ prefix: "logdial-bench-" });
  const roles = { peers: ["pino"], beside: ["StreamHandler", "pino sync"] } as const;
  try {
    const times = await race(PLANS[pace], (racers) => {
      for (const name of Object.keys(WAYS) as WayName[]) {
        racers.push(racerFor(name, threads, `${folder}/${name}`));
      }
      return Promise.resolve();
    });
    const names = { ours: "RingHandler", floor: "pieces by hand" };
    return { unit: "µs", target, ...conclude(times, roles, 1000, names) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function racerFor(name: WayName, threads: number, pipe: string): Racer {
  return {
    name,
    round: () => runOnce(name, threads, pipe),
    stop: () => Promise.resolve(),
  };
}

/** Nanoseconds that a line took, in a new process. */
async function runOnce(name: WayName, threads: number, pipe: string): Promise<number> {
  const total = LINES * threads;
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  // It ends with the last of so many lines.
  const script = 'exec head -n "$0" <"$1" >/dev/null';
  await using reader = new Deno.Command("sh", { args: ["-c", script, `${total}`, pipe] }).spawn();
  const deno = await denoCommand(new URL("./program.ts", import.meta.url));
  const command = ["sh", "-c", 'exec "$@" >"$0"', pipe, ...deno, ...WAYS[name], "", `${threads}`];
  const process = new LineProcess(command as [string, ...string[]], "stderr");
  const late = setTimeout(() => reader.kill("SIGKILL"), PATIENCE_MS);
  try {
    await process.untilReady();
    const begin = performance.now();
    await process.write(`${LINES}\n`);
    const { success } = await reader.status;
    const time = performance.now() - begin;
    if (!success) throw new Error(`Cannot measure ${name}: ${total} lines have not come`);
    return time * 1e6 / total;
  } finally {
    clearTimeout(late);
    await process.kill();
    await Deno.remove(pipe);
  }
}
