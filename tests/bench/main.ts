/**
 * Benchmarks: `deno task bench`, see `--help`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Case, Skipped } from "./case.ts";
import { CASES } from "./cases.ts";
import { CHARTED, drawChart } from "./draw_chart.ts";
import { pythonPath } from "../harness/python.ts";
import { comparisonOf, type Finding, formatTable } from "./report.ts";

const HELP = `Measures logdial beside its peers, taking turns in one run.

Usage: deno task bench [options]

  --quick       fewer rounds, under 60 s
  --case NAME   only cases whose name contains NAME; may be repeated
  --json FILE   also writes the results as JSON
  --chart FILE  also draws those of ${CHARTED.join(", ")}
                that it has measured, beside their peers, as SVG
  --help        this text

Cases:

${CASES.map(({ name, description }) => `  ${name.padEnd(22)} ${description}`).join("\n")}
`;

const ABOUT = `One run: Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores, ` +
  new Date().toISOString().slice(0, 10);

async function main(): Promise<void> {
  const flags: Record<string, unknown> = parseArgs([...Deno.args], {
    boolean: ["quick", "help"],
    string: ["case", "json", "chart"],
    collect: ["case"],
    alias: { h: "help" },
    unknown: (flag: string) => fail(`Unknown option "${flag}"`),
  });
  if (flags.help) {
    console.log(HELP);
    return;
  }
  const python = await pythonPath();
  if (python === undefined) console.log("There is no python3 here: only ours is measured.\n");
  const findings: Finding[] = [], notes: string[] = [];
  for (const { name, description, run } of chosenCases(flags.case as string[])) {
    console.error(`${name}: ${description} …`);
    try {
      const result = await run({ pace: flags.quick ? "quick" : "full", python });
      findings.push({ name, description, result });
      for (const note of result.notes ?? []) notes.push(`${name}: ${note}`);
    } catch (error) {
      if (!(error instanceof Skipped)) throw error;
      notes.push(`${name}: skipped, ${error.message}`);
    }
  }
  console.log(`Medians; ratio to the best peer of the same class.\n`);
  console.log(formatTable(findings));
  if (notes.length > 0) console.log(`\n${notes.map((note) => `- ${note}`).join("\n")}`);
  if (typeof flags.json === "string") await writeJson(flags.json, findings);
  if (typeof flags.chart === "string") {
    const charted = findings.filter(({ name, result }) =>
      CHARTED.includes(name) && result.peers.length > 0
    );
    await Deno.writeTextFile(flags.chart, drawChart(charted, ABOUT));
  }
}

function chosenCases(parts: readonly string[]): readonly Case[] {
  if (parts.length === 0) return CASES;
  const chosen = CASES.filter(({ name }) => parts.some((part) => name.includes(part)));
  if (chosen.length === 0) fail(`Cannot find case "${parts.join('", "')}"`);
  return chosen;
}

async function writeJson(path: string, findings: readonly Finding[]): Promise<void> {
  const cases = findings.map((one) => ({ ...one, comparison: comparisonOf(one.result) }));
  const about = { deno: Deno.version.deno, cpus: navigator.hardwareConcurrency };
  await Deno.writeTextFile(path, `${JSON.stringify({ ...about, cases }, null, 2)}\n`);
}

function fail(message: string): never {
  console.error(`${message} (see --help)`);
  Deno.exit(2);
}

await main();
