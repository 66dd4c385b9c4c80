import { assert, assertEquals } from "@std/assert";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { plain } from "../harness/line_reader.ts";
import { PortBlock } from "../harness/port_block.ts";

/** What the README and the task give it. */
const ALLOW = ["--allow-net=127.0.0.1", "--allow-read", "--allow-env=ENV,LOGDIAL_PORTS"];
const ROUND = [
  "ERROR - Something weird happened.",
  "INFO - A normal thing happened.",
  "DEBUG - Got HTTP response 200.",
];

/** A thread that only waits for a processor is waited for. */
const PATIENTLY = ["--wait", "20s"];

function startDemo(ports: PortBlock, ...args: string[]): ChildProgram {
  const env = { LOGDIAL_PORTS: ports.text };
  return ChildProgram.deno("examples/main.ts", { allow: ALLOW, env, args });
}

Deno.test("the demo prints three lines per round and thread and ends by itself", async (t) => {
  for (const busy of [false, true]) {
    await t.step(busy ? "with --busy" : "idle threads", async () => {
      using ports = PortBlock.claim();
      const flags = ["--count", "2", "--interval", "50", "--workers", "2"];
      await using demo = startDemo(ports, ...flags, ...(busy ? ["--busy"] : []));
      await demo.output();
      for (const name of ["MainProcess", "Logging Worker #1", "Logging Worker #2"]) {
        const marker = ` - write_logs.writeLogs - ${name} - `;
        const lines = demo.stdout.matching(marker).map(plain);
        const said = lines.map((line) => line.slice(line.indexOf(marker) + marker.length));
        assertEquals(said, [...ROUND, ...ROUND]);
      }
      // A worker that has ended already leaves its port to the next.
      const setups = demo.stdout.matching(/^Setup logging server on port \d+$/);
      assertEquals(setups.length, 3);
      for (const line of setups) assert(ports.all.slice(0, 3).includes(Number(line.slice(29))));
      assertEquals(demo.stdout.lines.length, 3 + 3 * 6);
      assertEquals(demo.stderr.lines, []);
    });
  }
});

Deno.test("the demo's threads, one of them computing, all turn to ERROR with one command", async () => {
  using ports = PortBlock.claim();
  await using demo = startDemo(ports, "--interval", "20", "--workers", "4", "--busy");
  const names = ["MainProcess", ...[1, 2, 3, 4].map((number) => `Logging Worker #${number}`)];
  for (const name of names) await demo.until(`${name} - ${ROUND[2]}`);
  const lines = demo.stdout.lines.map(plain);
  const begin = lines.slice(0, lines.findIndex((line) => line.includes(" - ")));
  const wanted = `deno task send error.conf --ports ${ports.text} `;
  assert(begin.some((line) => line.includes(wanted)), "it says at its start what to type");
  assert(begin.every((line) => line.length < 80), "in a terminal of usual width");
  const { code, stdout } = await logdial([
    "send",
    "error.conf",
    ...PATIENTLY,
    "--ports",
    ports.text,
  ]);
  assertEquals(code, 0, stdout);
  for (const name of names) {
    assert(new RegExp(`${name} +pid ${demo.pid} +applied +root DEBUG → ERROR`).test(stdout));
  }
  // Two more rounds of each; an INFO line after the first would be one too many.
  const from = demo.stdout.lines.length;
  for (const name of names) {
    await demo.until(`${name} - ERROR`, from);
    const first = demo.stdout.lines.findIndex((line, index) =>
      index >= from && plain(line).includes(`${name} - ERROR`)
    );
    await demo.until(`${name} - ERROR`, first + 1);
    await demo.until(`${name} - ERROR`, demo.stdout.lines.length);
    const late = demo.stdout.lines.slice(first + 1).map(plain);
    const low = late.filter((line) => line.includes(`${name} - `) && !line.includes(" - ERROR - "));
    // The round that was being written when the change came.
    assert(low.length <= 2, low.join("\n"));
  }
});

Deno.test("a demo that starts at ERROR shows DEBUG when it is set, and only as long", async () => {
  using ports = PortBlock.claim();
  const env = { LOGDIAL_PORTS: ports.text, ENV: "prod" };
  const args = ["--interval", "20", "--workers", "2", "--busy"];
  await using demo = ChildProgram.deno("examples/main.ts", { allow: ALLOW, env, args });
  const names = ["MainProcess", "Logging Worker #1", "Logging Worker #2"];
  for (const name of names) await demo.until(`${name} - ${ROUND[0]}`);
  const isLow = (line: string) => / - (?:DEBUG|INFO) - (?:Got|A normal)/.test(plain(line));
  assertEquals(demo.stdout.lines.filter(isLow), []);
  for (const how of [["reset"], ["rollback"], []]) {
    const from = demo.stdout.lines.length;
    const more = [...how.length === 0 ? ["--for", "2s"] : [], ...PATIENTLY];
    const { stdout } = await logdial(["set", "root=DEBUG", ...more, "--ports", ports.text]);
    assertEquals(stdout.match(/applied +root ERROR → DEBUG, .*opens console/g)?.length, 3, stdout);
    for (const name of names) await demo.until(`${name} - ${ROUND[2]}`, from);
    if (how.length > 0) await logdial([...how, "--ports", ports.text]);
    await demo.eventually("quiet threads", async () => {
      const { stdout } = await logdial(["status", "--json", "--ports", ports.text]);
      const { threads } = JSON.parse(stdout) as { threads: { opened: unknown[] }[] };
      return threads.every(({ opened }) => opened.length === 0) ? true : undefined;
    });
    const end = demo.stdout.lines.length;
    // The round that was being written, and one more.
    for (const name of names) await demo.until(`${name} - ${ROUND[0]}`, end);
    const next = demo.stdout.lines.length;
    for (const name of names) await demo.until(`${name} - ${ROUND[0]}`, next);
    assertEquals(demo.stdout.lines.slice(next).filter(isLow), [], how.join());
  }
});

Deno.test("the worker of the demo that hangs has told what it was at", async () => {
  using ports = PortBlock.claim();
  const env = { LOGDIAL_PORTS: ports.text, ENV: "prod" };
  const args = ["--interval", "500", "--workers", "1", "--freeze"];
  await using demo = ChildProgram.deno("examples/main.ts", { allow: ALLOW, env, args });
  await demo.until(`Logging Worker #1 - ${ROUND[0]}`);
  const taken = await logdial(["record", "root=DEBUG", ...PATIENTLY, "--ports", ports.text]);
  assertEquals(taken.stdout.match(/applied +records root=DEBUG in 1M/g)?.length, 2, taken.stdout);
  const dump = ["dump", "--name", "*#1", "--where", "requestId=r42", "--ports", ports.text];
  const lines = await demo.eventually("its last record", async () => {
    const { code, stdout } = await logdial(dump);
    return code === 0 && stdout.includes("page 4") ? stdout.split("\n") : undefined;
  });
  assert(/^Logging Worker #1, pid \d+: \d+ records? kept$/.test(lines[0]!), lines[0]);
  const said = lines.slice(1).map((line) => line.slice(line.indexOf("Logging Worker")));
  assertEquals(
    said.at(0),
    "Logging Worker #1 - root - DEBUG - listing the orders of kim requestId=r42",
  );
  assertEquals(
    said.at(-1),
    "Logging Worker #1 - root - DEBUG - page 4: 0 orders, the next page is 4 requestId=r42",
  );
  const isLow = (line: string) => / - (?:DEBUG|INFO) - /.test(plain(line));
  assertEquals(demo.stdout.lines.filter(isLow), [], "nothing of it comes out");
});

Deno.test("Ctrl-C ends the demo at once", async (t) => {
  for (const flags of [[], ["--busy"]]) {
    await t.step(flags.join(" ") || "idle threads", async () => {
      using ports = PortBlock.claim();
      await using demo = startDemo(ports, "--workers", "2", "--interval", "3600000", ...flags);
      for (const name of ["MainProcess", "Logging Worker #1", "Logging Worker #2"]) {
        await demo.until(`${name} - ${ROUND[2]}`);
      }
      demo.signal("SIGINT");
      const { code } = await demo.end();
      assertEquals(code, 130);
      assertEquals(demo.stderr.lines, []);
    });
  }
});

Deno.test("without flags and without a terminal the demo says what to add", async () => {
  await using demo = ChildProgram.deno("examples/main.ts", { allow: [] });
  const { code } = await demo.end();
  assertEquals([code, demo.stdout.lines], [2, []]);
  assertEquals(demo.stderr.lines.length, 1);
  for (const flag of ["--allow-read", "--allow-net=127.0.0.1", "--allow-env=ENV"]) {
    assert(demo.stderr.lines[0]!.includes(flag), demo.stderr.lines[0]);
  }
});

Deno.test("the demo's usage", async (t) => {
  const cases: { args: string[]; code: number; says: RegExp }[] = [
    { args: ["--help"], code: 0, says: /Usage: deno task demo/ },
    { args: ["--workers", "many"], code: 2, says: /Cannot use --workers "many"/ },
    { args: ["--interval=-1"], code: 2, says: /Cannot use --interval "-1"/ },
    { args: ["--wrong"], code: 2, says: /Unknown option "--wrong"/ },
  ];
  for (const { args, code, says } of cases) {
    await t.step(args.join(" "), async () => {
      await using demo = ChildProgram.deno("examples/main.ts", { allow: ALLOW, args });
      assertEquals((await demo.end()).code, code);
      const text = [...demo.stdout.lines, ...demo.stderr.lines].join("\n");
      assert(says.test(text), text);
    });
  }
});
