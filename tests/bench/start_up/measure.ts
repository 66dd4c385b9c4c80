import { type Pace, type Result, Skipped } from "../case.ts";
import { PROJECT } from "../../harness/project.ts";
import { denoCommand } from "../deno_command.ts";
import { conclude, race, type RacePlan, type Roles } from "../race.ts";

/** Programs that each log one line and end, by the names that are shown. */
const PROGRAMS = {
  "logdial": "logdial",
  "logdial/core": "logdial_core",
  "logdial listening": "logdial_listening",
  "console.log": "console",
  "pino": "pino",
  "LogTape": "logtape",
  "winston": "winston",
};

/** Packages by the names that are shown. */
const PACKAGES = {
  "logdial": new URL("../../../mod.ts", import.meta.url).href,
  "logdial/core": new URL("../../../src/core.ts", import.meta.url).href,
  "pino": "npm:pino@10.4.0",
  "LogTape": "npm:@logtape/logtape@2.4.2",
  "winston": "npm:winston@3.19.0",
};

const ROLES: Roles = {
  peers: ["console.log"],
  beside: ["logdial/core", "logdial listening", "pino", "LogTape", "winston"],
};

const IMPORT_ROLES: Roles = {
  peers: ["pino", "LogTape", "winston"],
  beside: ["logdial/core"],
};

/** Each round is a fresh process, so that one start is enough. */
const PLANS: Record<Pace, RacePlan> = {
  full: { starts: 1, rounds: 21 },
  quick: { starts: 1, rounds: 3 },
};

/** Milliseconds from a program's start to its end, with everything in Deno's cache. */
export async function measureStart(pace: Pace, target: number): Promise<Result> {
  const times = await raceOf(pace, PROGRAMS, async (program) => {
    const begin = performance.now();
    await run(urlOf(program));
    return performance.now() - begin;
  });
  return { unit: "ms", target, ...conclude(times, ROLES, 1) };
}

/** The most memory that a program takes; the target is how much more than the peer's. */
export async function measureStartMemory(pace: Pace, target: number): Promise<Result> {
  if (Deno.build.os !== "linux") throw new Skipped("memory is read from /proc");
  const kibibytes = await raceOf(pace, PROGRAMS, async (program) => {
    const { stderr } = await run(new URL("./peak_memory.ts", import.meta.url), urlOf(program).href);
    const [, peak] = /^peak (\d+)$/m.exec(stderr) ?? [];
    if (peak === undefined) throw new Error(`Cannot measure ${program}: it says "${stderr}"`);
    return Number(peak);
  });
  return { unit: "MiB", compareBy: "difference", target, ...conclude(kibibytes, ROLES, 1024) };
}

/** Milliseconds that the import of a package takes. */
export async function measureImport(pace: Pace): Promise<Result> {
  const times = await raceOf(pace, PACKAGES, async (module) => {
    const { stdout } = await run(new URL("./import_time.ts", import.meta.url), module);
    return Number(stdout);
  });
  return { unit: "ms", ...conclude(times, IMPORT_ROLES, 1) };
}

/** Lets all take turns; the first turn of each, which fills caches, does not count. */
async function raceOf(
  pace: Pace,
  all: Readonly<Record<string, string>>,
  measure: (one: string) => Promise<number>,
): Promise<ReadonlyMap<string, number[]>> {
  return await race(PLANS[pace], async (racers) => {
    for (const [name, one] of Object.entries(all)) {
      await measure(one);
      racers.push({ name, round: () => measure(one), stop: () => Promise.resolve() });
    }
  });
}

function urlOf(program: string): URL {
  return new URL(`./programs/${program}.ts`, import.meta.url);
}

async function run(module: URL, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const [deno, ...flags] = await denoCommand(module);
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
