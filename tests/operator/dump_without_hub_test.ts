import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";

Deno.test("without a hub thread, a thread writes its records itself before the program ends", async () => {
  const script = `
    import { getLogger, listen } from "${new URL("../../mod.ts", import.meta.url)}";
    const [dumpTo, end] = Deno.args;
    const { servedBy } = await listen(0, { recorder: { levels: { app: "DEBUG" }, dumpTo } });
    getLogger("app").debug("kept");
    console.log(servedBy);
    if (end === "throw") throw new Error("of the test");
    if (end === "signal") await new Promise((resolve) => setTimeout(resolve, 60_000));
    Deno.exit(Number(end));`;
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" });
  try {
    const path = `${folder}/crash.jsonl`;
    await Deno.writeTextFile(`${folder}/main.ts`, script);
    const reasons: string[] = [];
    for (const end of ["0", "3", "throw", "signal"]) {
      await using program = ChildProgram.deno(new URL(`file://${folder}/main.ts`), {
        args: [path, end],
        // Not to read, so that no hub thread can be started.
        allow: ["--allow-net=127.0.0.1", "--allow-import", `--allow-write=${path}`],
      });
      await program.until("thread");
      if (end === "signal") program.signal("SIGTERM");
      const { signal } = await program.end();
      assertEquals([program.stdout.lines, signal], [
        ["thread"],
        end === "signal" ? "SIGTERM" : null,
      ]);
      if (end === "0") continue;
      const lines = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) =>
        JSON.parse(line)
      );
      assertEquals(lines.at(-1).message, "kept");
      reasons.push(lines.at(-3).dump);
    }
    assertEquals(reasons, ["exit status 3", "unhandled rejection", "SIGTERM"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a thread that stops listening again and again keeps nothing of it, and all its records are in one dump", async () => {
  const script = `
    import { getLogger, listen, stopListening } from "${new URL("../../mod.ts", import.meta.url)}";
    const [dumpTo] = Deno.args;
    const kept = [];
    for (let round = 0; round < 3; round++) {
      const verify = (payload) => payload;
      kept.push(new WeakRef(verify));
      await listen(0, { verify, recorder: { levels: { app: "DEBUG" }, dumpTo } });
      getLogger("app").debug("round %d", round);
      if (round < 2) stopListening();
      // It serves itself, or has begun to.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const isKept = () => kept.map((one) => one.deref() !== undefined).join();
    // A hub that is loading needs it until then.
    for (let tries = 0; tries < 1000 && isKept() !== "false,false,true"; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      gc();
    }
    console.log(isKept());
    Deno.exit(3);`;
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" });
  try {
    const path = `${folder}/crash.jsonl`;
    await Deno.writeTextFile(`${folder}/main.ts`, script);
    await using program = ChildProgram.deno(new URL(`file://${folder}/main.ts`), {
      args: [path],
      allow: [
        "--v8-flags=--expose-gc",
        "--allow-net=127.0.0.1",
        "--allow-import",
        `--allow-write=${path}`,
      ],
    });
    await program.end();
    assertEquals(program.stdout.lines, ["false,false,true"]);
    const lines = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.filter(({ dump }) => dump !== undefined).length, 1);
    const messages = lines.flatMap(({ message }) => message === undefined ? [] : [message]);
    assertEquals(messages, ["round 0", "round 1", "round 2"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a worker that serves itself sends no second signal to main, which ends the program at the first", async () => {
  const script = `
    import { listen } from "${new URL("../../mod.ts", import.meta.url)}";
    Reflect.deleteProperty(Object.getPrototypeOf(navigator), "locks");
    const inWorker = typeof WorkerGlobalScope === "function";
    const dumpTo = inWorker ? self.name : Deno.args[0];
    await listen(0, { recorder: { levels: { app: "DEBUG" }, dumpTo } });
    if (inWorker) self.onmessage = () => {};
    if (inWorker) postMessage("listens");
    else {
      const worker = new Worker(import.meta.url, { type: "module", name: dumpTo });
      await new Promise((resolve) => worker.onmessage = resolve);
      Deno.addSignalListener("SIGTERM", () => {
        console.log("heard");
        setTimeout(() => Deno.exit(5), 100);
      });
      console.log("waits");
      setTimeout(() => {}, 60_000);
    }`;
  const folder = await Deno.makeTempDir({ prefix: "logdial_dump_" });
  try {
    await Deno.writeTextFile(`${folder}/main.ts`, script);
    const args = [`${folder}/crash.jsonl`];
    await using program = ChildProgram.deno(new URL(`file://${folder}/main.ts`), { args });
    await program.until("waits");
    program.signal("SIGTERM");
    assertEquals((await program.end()).code, 5);
    assertEquals(program.stdout.lines, ["waits", "heard"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
