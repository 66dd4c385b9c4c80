import { importMapFlag, projectPath } from "../harness/project.ts";
import type { Case, Outcome } from "./case.ts";

/** A case in which we and CPython differ. */
export interface Difference {
  readonly number: number;
  readonly case: Case;
  readonly ours: Outcome;
  readonly theirs: Outcome;
  /** The first thing that differs, in words. */
  readonly what: string;
}

/** For all the cases of a call together. */
const TIMEOUT_MS = 120_000;

/** Runs all cases in one process each, and returns those that differ; undefined without Python. */
export async function compareCases(cases: readonly Case[]): Promise<Difference[] | undefined> {
  if (cases.length === 0) return [];
  const input = cases.map((one) => JSON.stringify(one) + "\n").join("");
  const [ours, theirs] = await Promise.all([runSubject(input), runOracle(input)]);
  if (theirs === undefined) return undefined;
  const differences: Difference[] = [];
  for (const [number, one] of cases.entries()) {
    const our = ours[number]!;
    const their = theirs[number]!;
    const what = firstDifference(one, our, their);
    if (what !== undefined) {
      differences.push({ number, case: one, ours: our, theirs: their, what });
    }
  }
  return differences;
}

function firstDifference({ steps }: Case, ours: Outcome, theirs: Outcome): string | undefined {
  for (const [index, step] of steps.entries()) {
    for (const key of ["ok", "value", "state"] as const) {
      const our = JSON.stringify(ours.steps[index]?.[key] ?? null);
      const their = JSON.stringify(theirs.steps[index]?.[key] ?? null);
      if (our === their) continue;
      const why = ours.steps[index]?.why ?? "";
      return `step ${index} (${step.op}), ${key}: ours ${our}, theirs ${their} ${why}`;
    }
  }
  for (const key of ["stdout", "stderr", "files"] as const) {
    const [our, their] = [JSON.stringify(ours[key]), JSON.stringify(theirs[key])];
    if (our !== their) return `${key}: ours ${our}, theirs ${their}`;
  }
  return undefined;
}

function runSubject(input: string): Promise<Outcome[]> {
  return run(Deno.execPath(), [
    "run",
    "--quiet",
    "--no-lock",
    ...importMapFlag(),
    "--allow-env",
    "--allow-read",
    "--allow-write",
    new URL("subject.ts", import.meta.url).href,
  ], input);
}

async function runOracle(input: string): Promise<Outcome[] | undefined> {
  try {
    const guard = "import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else 77)";
    const { code } = await new Deno.Command("python3", { args: ["-c", guard] }).output();
    if (code === 0) {
      const oracle = projectPath("tests/parity/oracle.py");
      return await run("python3", ["-W", "ignore", oracle], input);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.log("skipped: no python3 of version 3.11 to compare with");
  return undefined;
}

async function run(command: string, args: string[], input: string): Promise<Outcome[]> {
  // Configurations gone wrong may write to files of any name.
  const cwd = await Deno.makeTempDir();
  const child = new Deno.Command(command, {
    args,
    cwd,
    env: { PYTHONIOENCODING: "utf-8", PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // A case that never ends is a failure, too.
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).spawn();
  const output = child.output();
  await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {}); // It has failed then.
  const { success, stdout, stderr } = await output;
  await Deno.remove(cwd, { recursive: true });
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${command} failed: ${decoder.decode(stderr).slice(-4000)}`);
  return decoder.decode(stdout).trimEnd().split("\n").map((line) => JSON.parse(line));
}
