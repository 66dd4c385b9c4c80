import { askNewestPython, type Request } from "../harness/newest_python.ts";
import { importFlags, projectPath } from "../harness/project.ts";
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

/** The oracle and what it is asked, for the newest CPython. */
export async function requestOracle(cases: readonly Case[]): Promise<Request> {
  const program = await Deno.readTextFile(projectPath("tests/parity/oracle.py"));
  return [program, cases.map((one) => JSON.stringify(one))];
}

/** Runs all cases in one process each, and returns those that differ; undefined without Python. */
export async function compareCases(cases: readonly Case[]): Promise<Difference[] | undefined> {
  if (cases.length === 0) return [];
  const [ours, answers] = await Promise.all([
    runSubject(cases),
    askNewestPython([await requestOracle(cases)]),
  ]);
  return answers && findDifferences(cases, ours, answers[1] as Outcome[]);
}

/** The cases of which the outcomes differ. */
export function findDifferences(
  cases: readonly Case[],
  ours: readonly Outcome[],
  theirs: readonly Outcome[],
): Difference[] {
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

/** Runs cases by this library, in a process of its own. */
export async function runSubject(cases: readonly Case[]): Promise<Outcome[]> {
  const input = cases.map((one) => JSON.stringify(one) + "\n").join("");
  // Configurations gone wrong may write to files of any name.
  const cwd = await Deno.makeTempDir();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-lock",
      ...importFlags(),
      "--allow-env",
      "--allow-read",
      "--allow-write",
      new URL("subject.ts", import.meta.url).href,
    ],
    cwd,
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
  if (!success) throw new Error(`subject.ts failed: ${decoder.decode(stderr).slice(-4000)}`);
  return decoder.decode(stdout).trimEnd().split("\n").map((line) => JSON.parse(line));
}
