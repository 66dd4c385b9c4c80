import { assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { PortBlock } from "../harness/port_block.ts";

/** A service, by what it prints. */
interface Service {
  readonly name: string;
  /** Once it serves. */
  readonly open: string;
  /** When the request of that id is answered. */
  readonly done: (line: string, id: string) => boolean;
}

const SERVICES: readonly Service[] = [
  {
    name: "fastify_service",
    open: "Server listening",
    done: (line, id) => line.includes(`"${id}"`) && line.includes("request completed"),
  },
  {
    name: "hono_service",
    open: "open on port",
    done: (line, id) => line.includes(`GET /orders/${id}`) && !line.includes("begins"),
  },
];

for (const { name, open, done } of SERVICES) {
  Deno.test(`of examples/${name} one request is turned from outside, and others stay as they are`, async () => {
    using ports = PortBlock.claim(1);
    await using service = ChildProgram.deno(`examples/${name}/main.ts`, {
      args: [`${ports.first}`],
      env: { ENV: "dev" },
    });
    await service.until(open);
    const get = async (id: string) => {
      const headers = { "x-request-id": id };
      const response = await fetch(`http://127.0.0.1:${ports.first}/orders/${id}`, { headers });
      assertEquals(await response.json(), { id, total: 12 });
      await service.until((line) => done(line, id));
    };
    await get("before");
    const scope = ["--where", "requestId=r3", "--for", "10m"];
    const target = ["--pid", `${service.pid}`, "--wait", "20s"];
    const { code, stdout, stderr } = await logdial(["set", "pino.http=DEBUG", ...scope, ...target]);
    assertEquals(code, 0, stdout + stderr);
    await Promise.all(["r1", "r2", "r3", "r4", "r5"].map(get));
    // pino writes in order, but not at once: what comes after all that the others may have said.
    await get("r3");
    let found = 0;
    await service.until((line) => line.includes('"found"') && ++found === 2);
    const debug = service.stdout.lines.filter((line) => line.startsWith('{"level":20,'))
      .map((line) => JSON.parse(line) as { readonly id: string; readonly msg: string });
    assertEquals(debug.map(({ id, msg }) => [id, msg]), [
      ["r3", "looks the order up"],
      ["r3", "found"],
      ["r3", "looks the order up"],
      ["r3", "found"],
    ]);
    // Such as of an option that is to go.
    assertEquals(service.stderr.matching("deprecat"), []);
  });
}
