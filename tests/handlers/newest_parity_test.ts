import { assertEquals } from "@std/assert";
import { setRaiseExceptions } from "../../src/core/io/diagnostics.ts";
import { Random, testSeed } from "../harness/python_oracle.ts";
import { askNewestPython } from "../harness/newest_python.ts";
import { DELETION_CASES, DELETION_PROGRAM, filesToDelete } from "./deletion_cases.ts";
import { FILE_PROGRAM, makeScript, type Outcome, runScript } from "./file_scripts.ts";
import {
  computeRow,
  isMisnamed,
  makeTables,
  TABLE_PROGRAM,
  type TableRow,
} from "./rollover_tables.ts";

const SCRIPTS = 400;
const TABLES_PER_ZONE = 100;

Deno.test("files are put aside, named and deleted as by the newest CPython", async (test) => {
  const seed = testSeed();
  const random = new Random(seed);
  const zones = makeTables(random, TABLES_PER_ZONE);
  const scripts = Array.from({ length: SCRIPTS }, () => makeScript(random));
  const answers = await askNewestPython([
    [TABLE_PROGRAM, zones],
    [DELETION_PROGRAM, DELETION_CASES],
    [FILE_PROGRAM, scripts],
  ]);
  if (answers === undefined) return;
  const [, tables, deletions, outcomes] = answers as [
    string,
    TableRow[],
    string[][],
    Outcome[],
  ];

  await test.step("rollovers come when CPython's come, and files get its names", () => {
    const rows = zones.flatMap((zone) => zone.cases.map((one) => ({ zone, one })));
    for (const [index, { zone, one }] of rows.entries()) {
      const message = `seed ${seed}, ${zone.name}, ${JSON.stringify(one)}`;
      const expected = tables[index]!.map(([at, stamp]) => [
        at,
        isMisnamed(zone, one, at) ? undefined : stamp,
      ]);
      const actual = computeRow(zone, one).map(([at, stamp]) => [
        at,
        isMisnamed(zone, one, at) ? undefined : stamp,
      ]);
      assertEquals(actual, expected, message);
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
        assertEquals(sorted(runScript(script)), sorted(outcomes[index]!), message);
      }
    } finally {
      setRaiseExceptions(true);
    }
  });
});

function sorted(outcome: Outcome): unknown {
  return typeof outcome === "string" ? outcome : Object.entries(outcome).sort();
}
