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

/** Says that a test is skipped where Deno ends a service by itself now and then. */
function isTooOld(): boolean {
  const isSo = Deno.version.deno === "2.9.0";
  if (isSo) console.log("skipped: deno serve needs Deno 2.9.1 or newer");
  return isSo;
}

/** Asks the service; undefined if nobody is there, as before it serves and after a signal. */
async function ask({ first }: PortBlock, path: string): Promise<string | undefined> {
  try {
    const headers = { connection: "close" };
    return await (await fetch(`http://127.0.0.1:${first}${path}`, { headers })).text();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Resolves when each of the threads has answered: before that a signal does not end it. */
async function untilServing(
  service: ChildProgram,
  ports: PortBlock,
  names: readonly string[],
): Promise<void> {
  await service.eventually("an answer of each thread", async () => {
    await ask(ports, "/");
    const haveAnswered = names.every((name) => service.stdout.lines.includes(`${name} ends /`));
    return haveAnswered || undefined;
  });
}

Deno.test("threads of deno serve --parallel have names of their own, are turned, and leave all behind", async () => {
  if (isTooOld()) return;
  using ports = PortBlock.claim(NAMES.length + 1);
  const path = await Deno.makeTempFile({ prefix: "logdial_" });
  try {
    await using service = serve(ports, ["--parallel"], path);
    await service.untilError(/with 2 threads/);
    await untilServing(service, ports, NAMES);
    const targets = { ports: [ports.first + 1, ports.last] as const };
    assertEquals((await status(targets)).map(({ name }) => name).sort(), NAMES);
    const turned = await set({ root: "INFO" }, targets);
    assertEquals(turned.map(({ outcome }) => outcome), ["applied", "applied"]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => ask(ports, `/${at}`)),
    );
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
    if (isTooOld()) return;
    using ports = PortBlock.claim(2);
    await using service = serve(ports);
    await untilServing(service, ports, NAMES.slice(0, 1));
    const slow = ask(ports, "/slow");
    await service.until("MainProcess begins /slow");
    service.signal(signal);
    const isClosed = async () => await ask(ports, "/") === undefined || undefined;
    await service.eventually("no more requests", isClosed);
    await service.tell("go on");
    assertEquals(await slow, "/slow");
    assertEquals((await service.end()).code, 0);
    assertEquals(service.stdout.lines.at(-1), "MainProcess ends /slow");
  });
}
