import { assertEquals } from "@std/assert";
import { PROJECT } from "./harness/project.ts";

const MOST_FILES = 25;
const MOST_LINES = 300;

Deno.test("no folder of src holds too many files, and no file too much code", async () => {
  const tooMuch: string[] = [];
  let files = 0;
  for await (const { folder, names } of readFolders("src/")) {
    files += names.length;
    if (names.length > MOST_FILES) tooMuch.push(`${folder}: ${names.length} files`);
    for (const name of names) {
      const lines = countCode(await Deno.readTextFile(new URL(folder + name, PROJECT)));
      if (lines > MOST_LINES) tooMuch.push(`${folder}${name}: ${lines} lines of code`);
    }
  }
  assertEquals(tooMuch, []);
  assertEquals(files > 200, true);
});

Deno.test("blank lines and comments are no code", () => {
  assertEquals(
    countCode("/** A. */\nconst a = 1; // One.\n\n/*\n * B.\n */\n// C.\nconst b = 2;\n"),
    2,
  );
});

async function* readFolders(
  folder: string,
): AsyncGenerator<{ readonly folder: string; readonly names: readonly string[] }> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, PROJECT))) {
    if (isDirectory) yield* readFolders(`${folder}${name}/`);
    else if (name.endsWith(".ts")) names.push(name);
  }
  yield { folder, names };
}

function countCode(text: string): number {
  return text.split("\n").filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
}
