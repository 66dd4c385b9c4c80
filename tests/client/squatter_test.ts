import { assert, assertEquals, assertRejects } from "@std/assert";
import { check, get, history, reset, set } from "../../src/client/commands.ts";
import { dump } from "../../src/client/dump.ts";
import { loggers, why } from "../../src/client/loggers.ts";
import { record, type RecordOptions } from "../../src/client/record.ts";
import { rollback } from "../../src/client/rollback.ts";
import type { Delivery } from "../../src/client/request.ts";
import { scan } from "../../src/client/ports/scan.ts";
import { send } from "../../src/client/send.ts";
import { tail } from "../../src/client/tail.ts";
import { within } from "../harness/deadline.ts";
import { least } from "../harness/least.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { Squatter } from "../harness/squatter.ts";

const STATUS = {
  logdial: 1,
  name: "MainProcess",
  pid: 1,
  port: 1,
  app: "",
  generation: 0,
  levels: { root: "INFO" },
  changed: null,
  pending: 0,
  overrides: [],
};
const ACK = { logdial: 1, name: "MainProcess", pid: 1, port: 1, status: "applied", generation: 1 };
const NOW = "2026-01-01T00:00:00.000Z";
const BOMB = "[".repeat(100_000) + "]".repeat(100_000);
const line = (value: object) => `${JSON.stringify(value)}\n`;
const CHANGE = JSON.stringify({ version: 1, incremental: true, root: { level: "ERROR" } });

Deno.test("a listener whose status makes no sense is a row, and its field is named", async (t) => {
  const override = { at: NOW, by: "x", until: NOW };
  const cases: [field: string, status: string][] = [
    ["overrides", line({ ...STATUS, overrides: null })],
    ["overrides", line({ ...STATUS, overrides: "x" })],
    ["overrides[0]", line({ ...STATUS, overrides: [null] })],
    ["overrides[1].until", line({ ...STATUS, overrides: [override, { ...override, until: "x" }] })],
    ["overrides[0].until", line({ ...STATUS, overrides: [{ ...override, until: 1e300 }] })],
    ["levels", line({ ...STATUS, levels: [] })],
    ["levels", line({ ...STATUS, levels: { root: { toString: 1 } } })],
    [
      "levels",
      `{"levels":{"__proto__":null},${JSON.stringify(STATUS).slice(1, -1)}}`
        .replace(/,"levels":\{"root":"INFO"\}/, ""),
    ],
    ["changed.at", line({ ...STATUS, changed: { at: "yesterday", by: "x" } })],
    ["changed.by", line({ ...STATUS, changed: { at: NOW, by: {} } })],
    ["pending", line({ ...STATUS, pending: -1 })],
    ["pending", line({ ...STATUS, pending: "2" })],
    ["generation", line({ ...STATUS, generation: 1e308 })],
    ["pid", line({ ...STATUS, pid: 1.5 })],
    ["port", line({ ...STATUS, port: 65_536 })],
    ["name", line({ ...STATUS, name: "x".repeat(5000) })],
    ["name", line({ ...STATUS, name: null })],
    ["app", line({ ...STATUS, app: 7 })],
    ["logdial", line({ ...STATUS, logdial: 2 })],
    ["name", `{"__proto__":{"name":"x"},"logdial":1,"pid":1,"port":1}`],
  ];
  using ports = PortBlock.claim(1);
  for (const [field, status] of cases) {
    await t.step(`${field}: ${status.slice(0, 60)}`, async () => {
      await using _squatter = new Squatter(ports.first, status);
      const reason = `its answer makes no sense (field ${field})`;
      assertEquals(await scan({ ports: ports.range }), [
        { port: ports.first, kind: "foreign", reason },
      ]);
    });
  }
});

Deno.test("no squatter spoils what the commands do with a good listener", async (t) => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const good = program.ports.first, port = program.ports.last;
  const options = { ports: [[good, good], [port, port]] as const, timeout: 1000 };
  const drip = async (conn: Deno.TcpConn) => {
    for (;;) {
      await conn.write(new TextEncoder().encode(" "));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const echo = async (conn: Deno.TcpConn, request: Uint8Array) => {
    await conn.write(request);
    await conn.write(new TextEncoder().encode("\n"));
  };
  const flood = async (conn: Deno.TcpConn) => {
    for (;;) await conn.write(new Uint8Array(65_536).fill(0x20));
  };
  let isOver = Promise.withResolvers<void>();
  const mute = () => isOver.promise;
  const ok = line({ ...STATUS, port });
  const manners = new Map<string, ConstructorParameters<typeof Squatter>>([
    ["drips to probes", [port, drip]],
    ["never ends its answer to probes", [port, flood]],
    ["echoes probes", [port, echo]],
    ["answers probes with a bomb", [port, `{"logdial":1,"levels":${BOMB}}\n`]],
    ["greets like SSH", [port, "SSH-2.0-OpenSSH_9.6\r\n"]],
    ["answers like HTTP", [port, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"]],
    ["has thousands of levels, with names of methods", [
      port,
      line({
        ...STATUS,
        levels: Object.fromEntries(
          Array.from({ length: 20_000 }, (_, at) => [at === 0 ? "constructor" : `l${at}`, "INFO"]),
        ),
      }),
      line({ ...ACK, previous: { toString: "INFO" }, levels: { constructor: "INFO" }, result: 1 }),
    ]],
    ["drips to frames", [port, ok, drip]],
    ["never ends its answer to frames", [port, ok, flood]],
    ["echoes frames", [port, ok, echo]],
    ["does not read", [port, ok, mute]],
    ["answers frames with a bomb", [port, ok, `{"logdial":1,"result":${BOMB}}\n`]],
    ["answers a number", [port, ok, "42\n"]],
    ["answers null fields", [port, ok, line({ ...ACK, levels: null, previous: null })]],
    ["answers an Invalid Date", [port, ok, line({ ...ACK, until: "soon" })]],
    ["answers an error that is none", [port, ok, line({ ...ACK, status: "rejected", error: 1 })]],
    ["answers another result", [
      port,
      ok,
      line({ ...ACK, result: { conf: 1, levels: "x", disabled: {}, length: 3 } }),
    ]],
    ["answers a result of nothing", [port, ok, line({ ...ACK, result: [null] })]],
  ]);
  const commands: [name: string, run: () => Promise<Delivery[]>][] = [
    ["set", () => set({ root: "WARNING" }, options)],
    ["send", () => send(CHANGE, options)],
    ["get", () => get(options)],
    ["history", () => history(options)],
    ["check", () => check(CHANGE, options)],
  ];
  const file = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(file, CHANGE);
  for (const [name, settings] of manners) {
    await t.step(name, async () => {
      isOver = Promise.withResolvers();
      await using squatter = new Squatter(...settings);
      using _ = { [Symbol.dispose]: isOver.resolve };
      const isSlow = /^drips|^does not/.test(name);
      let deliveries: Delivery[][] = [];
      const took = await least(8000, async () => {
        const begin = performance.now();
        deliveries = await Promise.all(commands.map(([, run]) => run()));
        // After them, so that there is something to take back.
        if (!isSlow) deliveries.push(await rollback(1, options), await reset(options));
        return performance.now() - begin;
      });
      assert(took < 8000, `all together took ${took} ms`);
      for (const [at, answers] of deliveries.entries()) {
        const own = answers.find((one) => one.port === good);
        const command = [...commands.map(([command]) => command), "rollback", "reset"][at];
        assertEquals(own?.outcome, "applied", `${command}: ${JSON.stringify(own)}`);
      }
      const lines = ["--ports", `${good},${port}`, "--timeout", "1000"];
      const asked = [["status"], ["get"], ["history"], ["diff", file], ["set", "root=WARNING"]];
      for (const words of isSlow ? [["status"]] : asked) {
        for (const json of isSlow ? [[]] : [[], ["--json"]]) {
          const { stdout, stderr } = await runCommand([...words, ...lines, ...json]);
          assertEquals(stderr, "", words[0]);
          assert(/MainProcess|^\[loggers\]/.test(stdout), stdout.slice(0, 1000));
          assert(!/Invalid Date|undefined|NaN|\[object|native code/.test(stdout), stdout);
          if (json.length > 0) JSON.parse(stdout);
          else {
            const row = stdout.split("\n").find((one) => one.includes(String(good))) ?? "";
            assert(row.length < 200, `the good row is ${row.length} columns wide`);
          }
        }
      }
      assertEquals(squatter.frames > 0, settings.length > 2 || name.startsWith("has thousands"));
    });
  }
  await Deno.remove(file);
});

Deno.test("a port that does not answer keeps no tail from following others at once", async () => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const { first, last } = program.ports;
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
  await using _hangs = new Squatter(last, () => isOver);
  using _ = { [Symbol.dispose]: end };
  const controller = new AbortController();
  const ports = [[first, first], [last, last]] as const;
  const lines = tail({ ports, timeout: 60_000, signal: controller.signal });
  let seen: unknown;
  const next = lines.next().then(({ value }) => seen = value);
  await program.child.eventually("a record", async () => {
    await program.tell("MainProcess", { do: "log", text: "followed" });
    return seen;
  });
  await next;
  assertEquals((seen as { message: string }).message, "followed");
  controller.abort();
  for await (const _line of lines);
});

Deno.test("one bad port neither ends a tail nor fills its memory", async (t) => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const port = program.ports.last, ports = [program.ports.first, port];
  const ok = line({ ...STATUS, port });
  const record = {
    time: NOW,
    level: "INFO",
    levelno: 20,
    logger: "squatter",
    message: "x",
    thread: "t",
    pid: 1,
    module: "m",
    funcName: "f",
    lineno: 1,
  };
  const repeat = (text: string) => async (conn: Deno.TcpConn) => {
    const bytes = new TextEncoder().encode(text.repeat(Math.ceil(65_536 / text.length)));
    for (;;) await conn.write(bytes);
  };
  const cases: [
    name: string,
    failure: string | undefined,
    frame: typeof ok | ReturnType<typeof repeat>,
  ][] = [
    ["never ends its line", "its answer is too long", repeat("x")],
    ["floods with good records", undefined, repeat(line(record))],
    ["says garbage", "it speaks another protocol", "garbage\n"],
    [
      "a field makes no sense",
      "its answer makes no sense (field time)",
      line({ ...record, time: 1 }),
    ],
    [
      "a count makes no sense",
      "its answer makes no sense (field dropped)",
      line({ dropped: "all" }),
    ],
    ["says null", "its answer makes no sense (field none)", "null\n"],
    ["a bomb", "its answer makes no sense (field none)", `${BOMB}\n`],
    [
      "refuses",
      "not for you",
      line({ ...ACK, status: "rejected", error: { message: "not for you" } }),
    ],
    ["half an ack", "it speaks another protocol", line({ status: "rejected" })],
  ];
  for (const [name, failure, frame] of cases) {
    await t.step(name, async () => {
      await using _squatter = new Squatter(port, ok, frame);
      const controller = new AbortController();
      const failures: string[] = [];
      let seen = 0, fromSquatter = 0, most = 0;
      // Of a flood, which the good records may come before.
      const hasEnough = () => seen >= 2 && (failure !== undefined || fromSquatter > 1000);
      const begin = Deno.memoryUsage().heapUsed;
      const watching = async () => {
        for await (
          const one of tail({
            ports: ports.map((port) => [port, port] as const),
            signal: controller.signal,
          })
        ) {
          if ("failure" in one) failures.push(one.failure);
          else if ("message" in one && one.port === port) fromSquatter++;
          else if ("message" in one && one.message === "good") seen++;
          if (hasEnough()) controller.abort();
          if (fromSquatter % 1000 === 999) {
            most = Math.max(most, Deno.memoryUsage().heapUsed);
            // A slow reader.
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        }
      };
      const watch = watching();
      let isOver = false;
      void watch.then(() => isOver = true);
      await program.child.eventually("records of the good thread", async () => {
        if (isOver) return true;
        if (failure !== undefined && failures.length === 0) return undefined;
        await program.tell("MainProcess", { do: "log", logger: "app", text: "good" });
      });
      await within(watch, () => "the end of the tail");
      assertEquals(failures, failure === undefined ? [] : [failure]);
      assert(most - begin < 64 << 20, `${(most - begin) >> 20} MiB more`);
      if (failure === undefined) assert(fromSquatter > 1000);
    });
  }
  await t.step("alone it is an error, with its reason", async () => {
    await using _squatter = new Squatter(port, ok, "garbage\n");
    await assertRejects(
      async () => await tail({ port }).next(),
      Error,
      `Cannot tail port ${port}: it speaks another protocol`,
    );
  });
});

Deno.test("nothing is signed for a listener that passes itself off as one on another port", async () => {
  using ports = PortBlock.claim(2);
  const { first: port, last: other } = ports;
  await using squatter = new Squatter(
    port,
    line({ ...STATUS, instance: "a", port: other }),
    line({ ...ACK, port: other }),
  );
  const turn = async (options: { key?: string; hostname?: string }) => {
    const [{ outcome, error } = {}] = await set({ root: "ERROR" }, { port, ...options });
    return [outcome, error?.message, squatter.frames];
  };
  const reason =
    `Not signed: what listens on port ${port} says that it listens on port ${other}; ` +
    "if that is a tunnel, name the host";
  assertEquals(await turn({ key: "secret" }), ["skipped", reason, 0]);
  assertEquals(await turn({ key: "secret", hostname: "127.0.0.1" }), ["applied", undefined, 1]);
  assertEquals(await turn({}), ["applied", undefined, 2]);
});

Deno.test("version 0.1.0, which takes words that it does not know for done, is not sent them", async (t) => {
  await using program = new OperatorProgram();
  await program.start();
  await program.until("MainProcess", () => true);
  const good = program.ports.first, port = program.ports.last;
  const ports = [[good, good], [port, port]] as const;
  await using squatter = new Squatter(port, line({ ...STATUS, port }), line({ ...ACK, port }));
  const told = ([one]: readonly Delivery[]) => [one?.outcome, one?.error?.message];
  const levels = { version: 1, incremental: true, root: { level: "INFO" } };
  const otel = { file_format: "1.0", logger_provider: {} };
  const WAYS: readonly [what: string, act: (options: RecordOptions) => Promise<Delivery[]>][] = [
    ["keep records in memory", (options) => record({ app: "DEBUG" }, options)],
    [
      "keep records in memory",
      (options) => send(JSON.stringify({ ...levels, logdial: { record: { a: 10 } } }), options),
    ],
    ["open handlers", (options) => set({ app: "DEBUG" }, { ...options, open: ["mail"] })],
    ["read OpenTelemetry's configuration", (options) => send(JSON.stringify(otel), options)],
  ];
  for (const [what, act] of WAYS) {
    await t.step(what, async () => {
      const reason = `It cannot ${what}: its logdial is older`;
      assertEquals(told(await act({ port })), ["skipped", reason]);
      const [newer, older] = await act({ ports, atomic: true });
      assertEquals(told([newer!]), ["rejected", "Not applied: another thread could not"]);
      assertEquals(told([older!]), ["rejected", reason]);
    });
  }
  await t.step("what keeps nothing it is sent", async () => {
    assertEquals(squatter.frames, 0);
    assertEquals(told(await record("off", { port })), ["applied", undefined]);
  });
  await t.step("nor commands, which it would log as changes", async () => {
    const reason = (command: string) =>
      `It does not know the command ${command}: its logdial is older`;
    assertEquals(told(await loggers({ port })), ["skipped", reason("loggers")]);
    assertEquals(told(await why("app", "DEBUG", { port })), ["skipped", reason("why")]);
    const lines = await Array.fromAsync(dump({ port }));
    assertEquals(lines, [{ port, failure: reason("dump") }]);
    assertEquals(squatter.frames, 1);
  });
});

Deno.test("a thread that ends, or hangs, before it has answered is told as such", async () => {
  using ports = PortBlock.claim(2);
  const { first, last } = ports;
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
  await using _ends = new Squatter(first, line({ ...STATUS, can: [], port: first }), "");
  await using _hangs = new Squatter(last, line({ ...STATUS, can: [], port: last }), () => isOver);
  using _ = { [Symbol.dispose]: end };
  const ended = "It has ended before it answered", late = "It has not answered in time";
  const words = [["set", "root=ERROR"], ["get"], ["rollback"], ["why", "app", "INFO"]];
  for (const args of words) {
    const place = (port: number) => ["--port", `${port}`, "--timeout", "300"];
    const gone = await runCommand([...args, ...place(first)]);
    assertEquals([gone.code, gone.stdout.includes(ended)], [1, true], gone.stdout);
    const mute = await runCommand([...args, ...place(last)]);
    assertEquals([mute.code, mute.stdout.includes(late)], [4, true], mute.stdout);
  }
});
