import { assert, assertEquals } from "@std/assert";
import { CPYTHON_TESTS, type Fate, VERSION_CHANGES } from "./cpython_tests.ts";

const LISTS = { ...CPYTHON_TESTS, ...VERSION_CHANGES };

Deno.test("what is said to be kept of CPython's tests is kept by a test of that name", async () => {
  const texts = new Map<string, string>();
  for (const [method, file, sentence] of Object.values(LISTS).flat()) {
    if (sentence === undefined) {
      assert(file.startsWith("not here: "), method);
      continue;
    }
    const path = new URL(`../${file}_test.ts`, import.meta.url);
    if (!texts.has(file)) texts.set(file, await Deno.readTextFile(path));
    assert(texts.get(file)!.includes(sentence), `${method}: no test "${sentence}" in ${file}`);
  }
});

Deno.test("each test method of CPython's stands in the list once", async () => {
  const ours = Object.entries(CPYTHON_TESTS).flatMap(([owner, fates]) =>
    fates.flatMap(([methods]) => methods.split(" ").map((method) => `${owner}.test_${method}`))
  );
  assertEquals(ours.filter((one, at) => ours.indexOf(one) !== at), []);
  const theirs = await methodsOfPython();
  if (theirs !== undefined) assertEquals(ours.toSorted(), theirs.toSorted());
});

Deno.test("the counts in README.md are those of the list", async () => {
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const all = Object.values(CPYTHON_TESTS).flat();
  const kept = all.filter((fate) => fate.length === 3);
  const told = `${count(kept)} of ${count(all)}`;
  assert(readme.includes(told), `README.md should say ${told}`);
});

function count(fates: readonly Fate[]): number {
  return fates.reduce((sum, [methods]) => sum + methods.split(" ").length, 0);
}

/** All test methods of a Python 3.13 with its tests; undefined, having said so, where there is none. */
async function methodsOfPython(): Promise<string[] | undefined> {
  const program = `
import unittest, test.test_logging as tests
names = []
def walk(suite):
    for one in suite:
        if isinstance(one, unittest.TestSuite): walk(one)
        else: names.append(type(one).__name__ + "." + one._testMethodName)
walk(unittest.defaultTestLoader.loadTestsFromModule(tests))
print("\\n".join(names))
`;
  try {
    const { success, stdout } = await new Deno.Command("python3.13", { args: ["-c", program] })
      .output();
    if (success) return new TextDecoder().decode(stdout).trim().split("\n");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  console.log("skipped: no python3.13 with its tests to compare with");
  return undefined;
}
