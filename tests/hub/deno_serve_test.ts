import { assertEquals } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { status } from "../../src/client/status.ts";
import { ChildProgram, denoRun } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";

/** The names of the threads of `deno serve --parallel`. */
const NAMES = ["MainProcess", "MainProcess-2"];

/** Starts a service on the first port; its threads listen on the others. */
function serve(ports: PortBlock, flags: string[] = [], dumpTo?: string): ChildProgram {
  const [, ...args] = denoRun("tests/fixtures/served.ts", {});
  const own = ["--host=127.0.0.1", `--port=${ports.first}`];
  const command = ["serve", ...own, ...flags, ...args.filter((arg) => arg !== "--no-prompt")];
  const env = {
    DENO_JOBS: String(NAMES.length),
    LOGDIAL_PORTS: `${ports.first + 1}-${ports.last}`,
    NO_COLOR: "1",
    ...dumpTo !== undefined && { DUMP_TO: dumpTo },
  };
  return ChildProgram.run(Deno.execPath(), command, { env });
}

/** Resolves when each thread has answered: before that a signal does not end it. */
async function untilAllServe(service: ChildProgram, { first }: PortBlock): Promise<void> {
  await service.eventually("an answer of each thread", async () => {
    const url = `http://127.0.0.1:${first}/`;
    await (await fetch(url, { headers: { connection: "close" } })).body?.cancel();
    const haveAnswered = NAMES.every((name) => service.stdout.lines.includes(`${name} ends /`));
    return haveAnswered || undefined;
  });
}

Deno.test("threads of deno serve --parallel have names of their own, are turned, and leave all behind", async () => {
  using ports = PortBlock.claim(NAMES.length + 1);
  const path = await Deno.makeTempFile({ prefix: "logdial_" });
  try {
    await using service = serve(ports, ["--parallel"], path);
    await service.untilError(/with 2 threads/);
    await untilAllServe(service, ports);
    const targets = { ports: [ports.first + 1, ports.last] as const };
    assertEquals((await status(targets)).map(({ name }) => name).sort(), NAMES);
    const turned = await set({ root: "INFO" }, targets);
    assertEquals(turned.map(({ outcome }) => outcome), ["applied", "applied"]);
    const answers = await Promise.all(Array.from({ length: 20 }, async (_, at) => {
      const url = `http://127.0.0.1:${ports.first}/${at}`;
      return await (await fetch(url, { headers: { connection: "close" } })).text();
    }));
    assertEquals(answers, Array.from({ length: 20 }, (_, at) => `/${at}`));
    service.signal("SIGTERM");
    assertEquals((await service.end()).code, 0);
    const { lines } = service.stdout;
    assertEquals(lines.filter((line) => / ends .\d/.test(line)).length, 20);
    assertEquals(lines.filter((line) => / begins .\d/.test(line)), []);
    const [head, ...threads] = Deno.readTextFileSync(path).trimEnd().split("\n").slice(0, 3)
      .map((line) => JSON.parse(line));
    assertEquals(head.dump, "SIGTERM");
    assertEquals(threads.map(({ thread }) => thread).sort(), NAMES);
  } finally {
    await Deno.remove(path);
  }
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`deno serve answers the requests that it has before ${signal} ends it`, async () => {
    using ports = PortBlock.claim(2);
    await using service = serve(ports);
    await service.until("MainProcess up");
    await service.untilError(/Listening on/);
    const url = `http://127.0.0.1:${ports.first}`;
    const slow = fetch(`${url}/slow`).then((response) => response.text());
    await service.until("MainProcess begins /slow");
    service.signal(signal);
    await service.eventually("no more requests", async () => {
      try {
        await (await fetch(url)).body?.cancel();
      } catch {
        return true;
      }
    });
    await service.tell("go on");
    assertEquals(await slow, "/slow");
    assertEquals((await service.end()).code, 0);
    assertEquals(service.stdout.lines.at(-1), "MainProcess ends /slow");
  });
}
