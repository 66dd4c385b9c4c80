/** All that is compared with the newest CPython, which is started once for it. */
import { assertEquals } from "@std/assert";
import { setRaiseExceptions } from "../../src/core/io/diagnostics.ts";
import { percentFormat } from "../../src/core/format/percent_format.ts";
import {
  type Outcome as Text,
  outcome,
  PERCENT_PROGRAM,
  PercentCases,
} from "../core/format/percent_cases.ts";
import { type Report, report, STYLE_PROGRAM, StyleCases } from "../core/format/style_cases.ts";
import { DELETION_CASES, DELETION_PROGRAM, filesToDelete } from "../handlers/deletion_cases.ts";
import {
  FILE_PROGRAM,
  makeScript,
  type Outcome as Files,
  runScript,
} from "../handlers/file_scripts.ts";
import {
  computeRow,
  isMisnamed,
  makeTables,
  TABLE_PROGRAM,
  type TableRow,
} from "../handlers/rollover_tables.ts";
import { readNameTables } from "../examples/name_tables.ts";
import { SysLogHandler } from "../../src/handlers/network/syslog_handler.ts";
import { askNewestPython, type Request } from "../harness/newest_python.ts";
import { encodeForPython, Random, testSeed } from "../harness/python_oracle.ts";
import type { Outcome } from "./case.ts";
import { compareCases, findDifferences, requestOracle, runSubject } from "./compare.ts";
import { generateCases } from "./generator.ts";

/** Number of random programs, another one with `LOGDIAL_CASES=…` in the environment. */
const CASES = Number(Deno.env.get("LOGDIAL_CASES") ?? 100);
/** `LOGDIAL_FULL=1` asks for the rest at full length: this Python is a slow one, in WebAssembly. */
const PART = Deno.env.get("LOGDIAL_FULL") === "1" ? 1 : 1 / 5;
const PERCENTS = 3000 * PART;
const STYLES = 4500 * PART;
const SCRIPTS = 200 * PART;
const TABLES_PER_ZONE = 50 * PART;

Deno.test("what a program sees is what it sees in the newest CPython", async (test) => {
  const seed = testSeed();
  const random = new Random(seed);
  const percents = listOf(PERCENTS, new PercentCases(seed));
  const styles = listOf(STYLES, new StyleCases(seed));
  const cases = generateCases(seed, CASES);
  const zones = makeTables(random, TABLES_PER_ZONE);
  const scripts = Array.from({ length: SCRIPTS }, () => makeScript(random));
  const requests: Request[] = [
    [PERCENT_PROGRAM, percents.map(({ format, args }) => [format, encodeForPython(args)])],
    [
      STYLE_PROGRAM,
      styles.map((one) => [one.format, one.style, one.validate, encodeForPython(one.record)]),
    ],
    await requestOracle(cases),
    [NAMES_PROGRAM, null],
    // Last, since they put another clock into the place of Python's.
    [TABLE_PROGRAM, zones],
    [DELETION_PROGRAM, DELETION_CASES],
    [FILE_PROGRAM, scripts],
  ];
  const [answers, ours] = await Promise.all([askNewestPython(requests), runSubject(cases)]);
  if (answers === undefined) return;
  const [, texts, reports, outcomes, names, tables, deletions, files] = answers as [
    version: string,
    Text[],
    Report[],
    Outcome[],
    Record<string, string[]>,
    TableRow[],
    string[][],
    Files[],
  ];

  await test.step("messages are formatted alike", () => {
    for (const [index, { format, args }] of percents.entries()) {
      const message = `seed ${seed}: ${JSON.stringify(format)} % ${Deno.inspect(args)}`;
      if (isNarrow(texts[index])) continue;
      assertEquals(outcome(() => percentFormat(format, args)), texts[index], message);
    }
  });

  await test.step("records are formatted alike", () => {
    for (const [index, one] of styles.entries()) {
      const message = `seed ${seed}: ${Deno.inspect(one, { depth: 9 })}`;
      if (isNarrow(reports[index])) continue;
      assertEquals(report(one), reports[index], message);
    }
  });

  await test.step("random configurations and programs do what they do there", async () => {
    const first = findDifferences(cases, ours, outcomes);
    // The clock may tick between Python's run and ours: what differs is run once more.
    const again = await compareCases(first.map((difference) => difference.case)) ?? [];
    const lines = again.map(({ number, what }) => `case ${first[number]!.number}: ${what}`);
    const hint = `tests/parity/fuzz.ts --seed ${seed} --only ${first[0]?.number} shows the first`;
    assertEquals(lines, [], `seed ${seed}, ${hint}`);
  });

  await test.step("every public name of its modules stands in a table of ours", async () => {
    const rows = await readNameTables();
    const missing = Object.entries(names).flatMap(([owner, members]) =>
      members.filter((name) =>
        !rows.some((row) => row.name === name && (row.owner ?? "") === owner) &&
        !isLeftOut(owner, name)
      ).map((name) => `${owner}.${name}`)
    );
    assertEquals(missing, []);
  });

  await test.step("rollovers come when CPython's come, and files get its names", () => {
    const rows = zones.flatMap((zone) => zone.cases.map((one) => ({ zone, one })));
    for (const [index, { zone, one }] of rows.entries()) {
      const message = `seed ${seed}, ${zone.name}, ${JSON.stringify(one)}`;
      const comparable = (row: TableRow) =>
        row.map(([at, stamp]) => [at, isMisnamed(zone, one, at) ? undefined : stamp]);
      assertEquals(comparable(computeRow(zone, one)), comparable(tables[index]!), message);
    }
  });

  await test.step("the files to delete are CPython's", async () => {
    for (const [index, one] of DELETION_CASES.entries()) {
      assertEquals(await filesToDelete(one), deletions[index], JSON.stringify(one));
    }
  });

  await test.step("files end up with the names and contents that CPython gives them", () => {
    setRaiseExceptions(false);
    try {
      for (const [index, script] of scripts.entries()) {
        const message = `seed ${seed}, script ${index}: ${JSON.stringify(script)}`;
        assertEquals(sorted(runScript(script)), sorted(files[index]!), message);
      }
    } finally {
      setRaiseExceptions(true);
    }
  });
});

/** The public names of the modules, and of their classes; without those of other modules. */
const NAMES_PROGRAM = `
import json, logging, logging.config, logging.handlers, types
names = {"": []}
for module in (logging, logging.config, logging.handlers):
    for name, value in vars(module).items():
        if name.startswith("_") or isinstance(value, types.ModuleType): continue
        names[""].append(name)
        if isinstance(value, type) and value.__module__ == module.__name__:
            names[name] = [member for member in vars(value) if not member.startswith("_")]
print(json.dumps(names))
`;

/** Classes that are not here as a whole, and a range of constants. */
function isLeftOut(owner: string, name: string): boolean {
  const isPart = /^(Base|Dict)Configurator$|^Converting|^dictConfigClass$|Style$|^NTEvent/;
  return isPart.test(owner) || owner === "SysLogHandler" && name.startsWith("LOG_") &&
      Object.hasOwn(SysLogHandler, name);
}

function listOf<T>(length: number, cases: { case(): T }): T[] {
  return Array.from({ length }, () => cases.case());
}

/** Whether it is an error of a Python of 32 bits only. */
function isNarrow(answer: unknown): boolean {
  return JSON.stringify(answer).includes("Python int too large to convert to C ");
}

function sorted(files: Files): unknown {
  return typeof files === "string" ? files : Object.entries(files).sort();
}
