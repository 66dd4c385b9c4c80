import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { listen } from "../../mod.ts";
import type { AttachOptions } from "../../src/hub/board/attach_options.ts";
import type { Board } from "../../src/hub/board/board.ts";
import { ThreadPort } from "../../src/hub/server/thread_port.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { replaced } from "../harness/replaced.ts";

Deno.test("what keeps a thread from listening has a class to catch", async (t) => {
  using ports = PortBlock.claim(3);
  using _taken = Deno.listen({ hostname: "127.0.0.1", port: ports.first });
  const reads = "--allow-read=.";
  const cases: { desc: string; allow: string[]; name: string }[] = [
    { desc: "a port that is taken", allow: [], name: "AddrInUse" },
    { desc: "all ports taken", allow: [], name: "AddrInUse" },
    { desc: "listening already", allow: [], name: "Busy" },
    { desc: "not for this machine only", allow: [], name: "TypeError" },
    { desc: "an address of another machine", allow: [], name: "AddrNotAvailable" },
    { desc: "no port", allow: [], name: "RangeError" },
    { desc: "options as port", allow: [], name: "TypeError" },
    { desc: "no permission", allow: [reads], name: "NotCapable" },
  ];
  const scenes = cases.map(({ desc }) => desc);
  const everything = await namesOf(["--allow-all"], ports, scenes.slice(0, -1));
  const nothing = await namesOf([reads], ports, scenes.slice(-1));
  const names = [...everything, ...nothing];
  for (const [at, { desc, name }] of cases.entries()) {
    await t.step(desc, () => assertEquals(names[at], name));
  }
});

Deno.test("a thread that has lost its port can listen again", async () => {
  using ports = PortBlock.claim(3);
  await using program = ChildProgram.deno("tests/fixtures/lost_port.ts", {
    args: ports.all.map(String),
  });
  assertEquals(await program.output(), `listens on ${ports.last}`);
  const [told = ""] = program.stderr.lines;
  assertMatch(told, new RegExp(`lost its port: .*port ${ports.first + 1} is in use`));
});

async function namesOf(
  allow: readonly string[],
  { first }: PortBlock,
  scenes: readonly string[],
): Promise<string[]> {
  const options = { args: [String(first), ...scenes], allow };
  await using program = ChildProgram.deno("tests/fixtures/listen_errors.ts", options);
  return (await program.output()).split("\n");
}

Deno.test("the loopback address of IPv6 alone may be allowed", async () => {
  if (!hasIpv6()) return console.log("skipped: this machine has no address ::1");
  using ports = PortBlock.claim(1);
  const allow = ["--allow-read", "--allow-net=[::1]"];
  const args = [String(ports.first)];
  await using program = ChildProgram.deno("tests/fixtures/listen_once.ts", { args, allow });
  assertEquals(await program.output(), `listens on port ${ports.first}`);
});

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("options in the place of the port are told as such", async () => {
  const options = { ports: [1, 2] } as unknown as number;
  await assertRejects(() => listen(options), TypeError, "options come second");
});

Deno.test("ports that the system keeps for root are passed over, and told where there are no others", () => {
  const claim = (ports: [number, number]) => {
    const options = { hostname: "127.0.0.1", ports } as unknown as AttachOptions;
    return new ThreadPort({ port: 0 } as Board, options).claim().addr.port;
  };
  const denying = ({ port }: { readonly port: number }) => {
    if (port < 1024) throw new Deno.errors.PermissionDenied("Permission denied (os error 13)");
    return { addr: { port } } as Deno.TcpListener;
  };
  using _listen = replaced(Deno, "listen", denying as typeof Deno.listen);
  assertEquals(claim([1020, 1030]), 1024);
  const { PermissionDenied } = Deno.errors;
  assertThrows(() => claim([80, 80]), PermissionDenied, "port 80 is denied by the system");
  assertThrows(() => claim([1, 9]), PermissionDenied, "all ports 1 to 9 are denied by the system");
});
