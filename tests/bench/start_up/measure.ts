import { type Pace, type Result, Skipped } from "../case.ts";
import { filePath } from "../../../src/core/io/file_path.ts";
import { packageMap, PACKED_FILES } from "../../harness/package_map.ts";
import { PROJECT } from "../../harness/project.ts";
import { runDeno } from "../../harness/run_deno.ts";
import { denoCommand, resolveFlags } from "../deno_command.ts";
import { conclude, race, type RacePlan } from "../race.ts";
import { makeUnrunModules, UNRUN_MODULES } from "./unrun_modules.ts";

/** What a start is compared with, and by which programs of `programs/`. */
export interface StartPlan {
  /** Ours, once with the package and once from the sources. */
  readonly program: string;
  /** The one that it is compared with. */
  readonly peer: string;
  /** Others. */
  readonly beside?: readonly string[];
  /**
   * Whether the sources' modules are started beside with their text not run; the module of a thread,
   * if one is started with them.
   */
  readonly unrun?: boolean | URL;
}

/** Each round is a fresh process, so that one start is enough. */
const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 1, rounds: 21 },
  quick: { starts: 1, rounds: 3 },
};

/** One that is started. */
interface Starter {
  readonly name: string;
  readonly program: URL;
  /** Whether it imports the package in `dist`. */
  readonly isPacked: boolean;
}

/**
 * Milliseconds from a program's start to its end, or those that it says that something took; with
 * everything in Deno's cache.
 */
export async function measureStart(plan: StartPlan, pace: Pace, target: number): Promise<Result> {
  const times = await raceOf(plan, pace, async (starter) => {
    const begin = performance.now();
    const { stderr } = await run(starter, starter.program);
    const [, took = performance.now() - begin] = /^took ([\d.]+)$/m.exec(stderr) ?? [];
    return Number(took);
  });
  return { unit: "ms", target, ...conclude(times, rolesOf(plan), 1) };
}

/** The most memory that a program takes; the target is how much more than the peer's. */
export async function measureStartMemory(
  plan: StartPlan,
  pace: Pace,
  target: number,
): Promise<Result> {
  if (Deno.build.os !== "linux") throw new Skipped("memory is read from /proc");
  const kibibytes = await raceOf(plan, pace, async (starter) => {
    const { stderr } = await run(
      starter,
      new URL("./peak_memory.ts", import.meta.url),
      starter.program.href,
    );
    const [, peak] = /^peak (\d+)$/m.exec(stderr) ?? [];
    if (peak === undefined) throw new Error(`Cannot measure ${starter.name}: it says "${stderr}"`);
    return Number(peak);
  });
  const result = conclude(kibibytes, rolesOf(plan), 1024);
  return { unit: "MiB", compareBy: "difference", target, ...result };
}

function rolesOf({ peer, beside = [] }: StartPlan) {
  return { peers: [peer], beside: ["from sources", UNRUN_MODULES, ...beside] };
}

/** Lets all take turns; the first turn of each, which fills caches, does not count. */
async function raceOf(
  { program, peer, beside = [], unrun = false }: StartPlan,
  pace: Pace,
  measure: (starter: Starter) => Promise<number>,
): Promise<ReadonlyMap<string, number[]>> {
  await pack();
  const all: Starter[] = [
    { name: "logdial", program: urlOf(program), isPacked: true },
    { name: "from sources", program: urlOf(program), isPacked: false },
    ...[peer, ...beside].map((name) => ({ name, program: urlOf(name), isPacked: true })),
  ];
  const thread = unrun instanceof URL ? unrun : undefined;
  await using floor = unrun ? await makeUnrunModules(urlOf(program), thread) : undefined;
  if (floor !== undefined) {
    all.push({ name: UNRUN_MODULES, program: floor.program, isPacked: false });
  }
  return await race(PLANS[pace], async (racers) => {
    for (const starter of all) {
      await measure(starter);
      const { name } = starter;
      racers.push({ name, round: () => measure(starter), stop: () => Promise.resolve() });
    }
  });
}

function urlOf(program: string): URL {
  return new URL(`./programs/${program}.ts`, import.meta.url);
}

let packed: Promise<string> | undefined;

/** Makes the package, once a run; gives the path of an import map that leads to it. */
function pack(): Promise<string> {
  return packed ??= (async () => {
    await runDeno("run", "-q", "-A", "deps/pack.ts", ...await resolveFlags());
    const dist = new URL("dist/", PROJECT);
    const entries = Object.fromEntries(
      Object.entries(PACKED_FILES).map(([path, file]) => [path, new URL(file, dist).href]),
    );
    const map = new URL("import_map.json", dist);
    await Deno.writeTextFile(map, packageMap(new URL("deps/", PROJECT).href, entries));
    return filePath(map);
  })();
}

async function run(
  { isPacked }: Starter,
  module: URL,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  const [deno, ...flags] = await denoCommand(module, isPacked ? await pack() : undefined);
  const output = await new Deno.Command(deno, {
    args: [...flags, ...args],
    cwd: PROJECT,
    // Any free port, so that nothing that runs here is in the way.
    env: { LOGDIAL_PORTS: "0" },
  }).output();
  const decoder = new TextDecoder();
  const stdout = decoder.decode(output.stdout), stderr = decoder.decode(output.stderr);
  if (!output.success) throw new Error(`Cannot run ${module.href}: it says "${stderr}"`);
  return { stdout, stderr };
}
