import { assertEquals, assertMatch } from "@std/assert";
import { set } from "../../src/client/mod.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PROJECT } from "../harness/project.ts";

Deno.test("whom a change does not reach, loggers of a copy of the library that does not listen, is told once", async () => {
  const text = `import { listen } from "${new URL("mod.ts", PROJECT)}";
    import { getLogger } from "./other/src/core.ts";
    getLogger("lib");
    console.log(String((await listen(0)).port));
    setInterval(() => {}, 1000);`;
  await besideOtherCopy(text, async (program) => {
    const port = Number(await program.until(/^\d+$/));
    for (const level of ["DEBUG", "INFO"]) await set({ lib: level }, { port });
    Deno.kill(program.pid, "SIGTERM");
    await program.ended;
    const told = program.stderr.matching("another copy");
    assertEquals(told.length, 1);
    assertMatch(
      told[0]!,
      /this change does not reach the loggers of another copy of the library, file:.*\/other\/, which does not listen: have all import the same version/,
    );
  });
});

Deno.test("all copies of the library in a thread have one id, so that none stands by for another's hub", async () => {
  const text = `import { threadId } from "${new URL("src/hub/life/start_hub.ts", PROJECT)}";
    import { threadId as otherId } from "./other/src/hub/life/start_hub.ts";
    if ("WorkerGlobalScope" in globalThis) postMessage(threadId());
    else {
      const worker = new Worker(import.meta.url, { type: "module" });
      const ofWorker = await new Promise((resolve) => worker.onmessage = resolve);
      console.log(threadId !== otherId, threadId() === otherId(), threadId() === ofWorker.data);
      Deno.exit();
    }`;
  await besideOtherCopy(text, async (program) => {
    assertEquals(await program.output(), "true true false");
  });
});

/** Runs a program in a folder that has another copy of the library, as `./other`. */
async function besideOtherCopy(
  text: string,
  look: (program: ChildProgram) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "logdial_copy_" });
  try {
    // Under another address a module is another one.
    await Deno.symlink(PROJECT, `${folder}/other`);
    await Deno.writeTextFile(`${folder}/main.ts`, text);
    await using program = ChildProgram.deno(new URL(`file://${folder}/main.ts`));
    await look(program);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
