import { assert, assertEquals, assertRejects } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { tail } from "../../src/client/tail.ts";
import { encodeFrame, QUICK_PROBE } from "../../src/wire/frame.ts";
import { parseStatus } from "../../src/wire/message.ts";
import { sign, SignatureChecker } from "../../src/wire/signature.ts";
import { ChildProgram, denoRun } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { IMPATIENT } from "../harness/patient.ts";
import { PortBlock } from "../harness/port_block.ts";
import { projectPath, registryFolders } from "../harness/project.ts";
import { findPython } from "../harness/python.ts";
import { readAck, say, sendConfig } from "../harness/raw_peer.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const KEY = "open sesame ✓";
const CHANGE = JSON.stringify({ version: 1, incremental: true, root: { level: "ERROR" } });
const bytes = (text: string) => new TextEncoder().encode(text);

/** A change signed for the listener on a port, or for what it is said to be. */
async function signFor(
  port: number,
  key = KEY,
  now = Date.now(),
  said: { instance?: string; port?: number } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { instance } = parseStatus(await say(port, QUICK_PROBE))!;
  return await sign(bytes(CHANGE), key, now, { instance: instance!, port, ...said });
}

Deno.test("with a key, only what is signed with it, now and once, is taken", async (t) => {
  await using program = new OperatorProgram({ options: { key: KEY }, quietMain: true });
  await program.start("A", "B");
  const [port, other] = program.ports.all as [number, number];
  const good = await signFor(port);
  const refused: { desc: string; payload: Uint8Array; reason: string }[] = [
    { desc: "unsigned", payload: bytes(CHANGE), reason: "takes signed changes only" },
    {
      desc: "another key",
      payload: await signFor(port, "other"),
      reason: "the signature is wrong, is the key the same?",
    },
    {
      desc: "another payload",
      payload: bytes(new TextDecoder().decode(good).replace("ERROR", "DEBUG")),
      reason: "the signature is wrong",
    },
    {
      desc: "a minute too old",
      payload: await signFor(port, KEY, Date.now() - 65_000),
      reason: "s, at most 60 s may be",
    },
    {
      desc: "from the future",
      payload: await signFor(port, KEY, Date.now() + 70_000),
      reason: "at most 60 s may be",
    },
    {
      desc: "for another port",
      payload: await signFor(other),
      reason: "the signature is for another listener",
    },
    {
      desc: "for another instance",
      payload: await signFor(port, KEY, Date.now(), { instance: "0".repeat(32) }),
      reason: "or for an earlier one here",
    },
    {
      desc: "of version 1",
      payload: await sign(bytes(CHANGE), KEY),
      reason:
        'version 1, which names no listener: sign as version 2, or listen with signatures: "v1"',
    },
    {
      desc: "a line that is not quite one",
      payload: bytes(`logdial-signature: v1 now 00 00\n${CHANGE}`),
      reason: "takes signed changes only",
    },
  ];
  for (const { desc, payload, reason } of refused) {
    await t.step(desc, async () => {
      const { status, error } = readAck(await say(port, encodeFrame(payload)));
      assertEquals(status, "rejected");
      assert(error!.message.includes(reason), error!.message);
      assertEquals((await program.status()).get("A")!.levels, { root: "INFO" });
    });
  }
  await t.step("the refusals are logged once per source and minute", async () => {
    await program.line(/^START\|.\|logdial\|WARNING\|change rejected, by 127.*signed changes only/);
    assertEquals(program.child.stdout.matching("WARNING").length, 1);
  });
  await t.step("good, but not a second time, not even to another thread", async () => {
    assertEquals(readAck(await say(port, encodeFrame(good))).status, "applied");
    for (const [again, rule] of [[port, "was used before"], [other, "for another"]] as const) {
      const { status, error } = readAck(await say(again, encodeFrame(good)));
      assertEquals([status, error!.message.includes(rule)], ["rejected", true]);
    }
  });
  await t.step("commands and tails are refused as well, questions as such", async () => {
    const reset = await sendConfig(port, { logdial: { command: "reset" } });
    assertEquals(reset.status, "rejected");
    const watching = tail({ port }).next();
    const rule = "Cannot answer: this listener takes signed questions only";
    assert(await watching.then(() => false, ({ message }) => message.includes(rule)));
  });
  await t.step("our functions and our command sign", async () => {
    const done = await set({ root: "WARNING" }, { ports: program.ports.range, key: KEY });
    assertEquals(done.map(({ outcome }) => outcome), ["applied", "applied"]);
    const args = ["set", "root=ERROR", "--atomic", "--ports", program.ports.text];
    const allow = ["--allow-net", "--allow-env=LOGDIAL_KEY"];
    const signed = await logdial(args, { allow, env: { LOGDIAL_KEY: KEY } });
    assertEquals(signed.code, 0, signed.stdout + signed.stderr);
    const unsigned = await logdial(args, { allow });
    assertEquals(unsigned.code, 1);
    assert(unsigned.stdout.includes("takes signed changes only"), unsigned.stdout);
    assertEquals(
      unsigned.stderr,
      "logdial: Cannot sign: LOGDIAL_KEY is not set, it has to be the listener's key",
    );
  });
  await t.step(
    "a command that may not read the key says so, once, where one is wanted",
    async () => {
      const told = "logdial: Cannot sign: LOGDIAL_KEY may not be read, run or install with " +
        "--allow-env=LOGDIAL_KEY";
      const cases: { command: string[]; code: number; isTold: boolean }[] = [
        { command: ["set", "root=ERROR"], code: 1, isTold: true },
        { command: ["get"], code: 1, isTold: true },
        { command: ["tail"], code: 1, isTold: true },
        { command: ["status"], code: 0, isTold: false },
      ];
      await Promise.all(cases.map(async ({ command, code, isTold }) => {
        const args = [...command, "--ports", program.ports.text];
        const result = await logdial(args, { allow: ["--allow-net"], env: { LOGDIAL_KEY: KEY } });
        assertEquals(result.code, code, result.stdout + result.stderr);
        const lines = result.stderr.split("\n").filter((line) => line.includes("LOGDIAL_KEY"));
        assertEquals(lines, isTold ? [told] : []);
      }));
    },
  );
});

Deno.test("a signature of another process, or of before a restart, is not taken", async () => {
  await using program = new OperatorProgram({ options: { key: KEY }, quietMain: true });
  await program.start("A");
  const port = program.ports.first;
  const captured = await signFor(port);
  // The hub lives and ends with the worker that has started it.
  await program.tell("A", { do: "close" });
  await program.child.eventually("the port to be free", async () => {
    return (await program.status()).size === 0 || undefined;
  });
  await program.start("B");
  assertEquals((await program.status()).get("B")!.port, port);
  const { status, error } = readAck(await say(port, encodeFrame(captured)));
  assertEquals([status, error!.message.includes("an earlier one here")], ["rejected", true]);
  const done = await set({ root: "ERROR" }, { port, key: KEY });
  assertEquals(done.map(({ outcome }) => outcome), ["applied"]);
});

Deno.test("a sender signs for the port that it asks, and once more if the program is a new one", async () => {
  await using program = new OperatorProgram({ options: { key: KEY }, quietMain: true });
  await program.start("A");
  const port = program.ports.first, relay = program.ports.all.at(-1)!;
  const real = await say(port, QUICK_PROBE);
  const told: string[] = [];
  /** Answers the first probe with what the others do not, and passes all else on. */
  const listener = Deno.listen({ hostname: "127.0.0.1", port: relay });
  const answers = [real, real.replace(`"port":${port}`, `"port":${relay}`)];
  const serve = async () => {
    for await (const conn of listener) {
      const chunk = new Uint8Array(4096);
      const count = await conn.read(chunk) ?? 0;
      const text = new TextDecoder().decode(chunk.subarray(0, count));
      if (text !== "!\n") told.push(text);
      await conn.write(bytes(text === "!\n" ? answers.shift()! : "{}\n"));
      conn.close();
    }
  };
  const serving = serve();
  const [delivery] = await set({ root: "ERROR" }, { port: relay, key: KEY });
  assertEquals([delivery!.outcome, told], ["skipped", []]);
  assert(delivery!.error!.message.includes(`says that it listens on port ${port}`));
  // What it signs for a squatter names the squatter's port, and so is good nowhere else.
  await set({ root: "ERROR" }, { port: relay, key: KEY });
  const stolen = bytes(told[0]!.slice(4));
  const { status, error } = readAck(await say(port, encodeFrame(stolen)));
  assertEquals([status, error!.message.includes("for another listener")], ["rejected", true]);
  listener.close();
  await serving;
});

Deno.test("version 1 is taken where the listener says so, and not from before its start", async () => {
  const options = { key: KEY, signatures: "v1" };
  await using program = new OperatorProgram({ options, quietMain: true });
  await program.start("A");
  const port = program.ports.first;
  const old = readAck(
    await say(port, encodeFrame(await sign(bytes(CHANGE), KEY, Date.now() - 40_000))),
  );
  assert(old.error!.message.includes("from before the listener's start"), old.error!.message);
  const good = encodeFrame(await sign(bytes(CHANGE), KEY));
  assertEquals(readAck(await say(port, good)).status, "applied");
  assert(readAck(await say(port, good)).error!.message.includes("was used before"));
  assertEquals(readAck(await say(port, encodeFrame(await signFor(port)))).status, "applied");
});

Deno.test("signatures are remembered within bounds, and none counts twice whatever the clock does", async () => {
  const target = { instance: "1".repeat(32), port: 9001 }, options = { port: 9001, takesV1: false };
  const checker = new SignatureChecker(KEY, target.instance, 0);
  const at = (now: number) => sign(bytes(CHANGE), KEY, now, target);
  const first = await at(1_000_000);
  await checker.check(first, options, 1_000_000);
  for (let count = 1; count < 10_000; count++) {
    await checker.check(await at(1_000_000 + count), options, 1_000_000 + count);
  }
  await assertRejects(
    async () => {
      await checker.check(await at(1_020_000), options, 1_020_000);
    },
    Error,
    "10000 signed changes",
  );
  await checker.check(await at(1_090_000), options, 1_090_000);
  // The clock is set back: what was used then is not good again.
  await assertRejects(
    () => checker.check(first, options, 1_000_100),
    Error,
    "was the clock set back",
  );
});

/** The sender that the document of the protocol shows, as it stands there. */
const PYTHON_SENDER = `
${
  /```python\n(import hashlib.*?)```/s.exec(
    await Deno.readTextFile(new URL("../../src/wire/README.md", import.meta.url)),
  )![1]
}
import os, sys
print(send(int(sys.argv[1]), sys.argv[2].encode(), os.environ["LOGDIAL_KEY"].encode()))
`;

Deno.test("Python signs for our listener", async () => {
  const python = await findPython();
  if (python === undefined) return;
  await using program = new OperatorProgram({ options: { key: KEY }, quietMain: true });
  await program.start("Idle");
  const args = ["-c", PYTHON_SENDER, String(program.ports.first), CHANGE];
  for (const [key, status] of [[KEY, "applied"], ["other", "rejected"]] as const) {
    await using sender = ChildProgram.run(python, args, { env: { LOGDIAL_KEY: key } });
    assertEquals(readAck(await sender.output()).status, status);
  }
  await program.untilLevels("Idle", { root: "ERROR" });
});

/** CPython's listener, which checks our signatures and takes the line off. */
const PYTHON_LISTENER = `
import hashlib, hmac, logging, logging.config, os, sys, time

KEY, used = os.environ["LOGDIAL_KEY"].encode(), set()

def verify(data):
    line, _, payload = data.partition(b"\\n")
    try:
        label, version, stamp, nonce, mac = line.decode().split(" ")
    except ValueError:
        return None
    signed = f"{stamp} {nonce} ".encode() + payload
    expected = hmac.new(KEY, signed, hashlib.sha256).hexdigest()
    fresh = abs(time.time() * 1000 - int(stamp)) < 60_000 and nonce not in used
    if (label, version) != ("logdial-signature:", "v1") or not fresh:
        return None
    used.add(nonce)
    return payload if hmac.compare_digest(mac, expected) else None

logging.basicConfig(level="INFO", stream=sys.stdout)
server = logging.config.listen(int(sys.argv[1]), verify)
server.start()
server.ready.wait()
print("listening", flush=True)
for line in sys.stdin:
    names = ("", "app.db")
    print(line.strip(), *(logging.getLogger(name).level for name in names), flush=True)
`;

Deno.test("set turns CPython's listener, also one that verifies our signature", async () => {
  const python = await findPython();
  if (python === undefined) return;
  using ports = PortBlock.claim(1);
  const env = { LOGDIAL_KEY: KEY };
  const args = ["-c", PYTHON_LISTENER, String(ports.first)];
  await using listener = ChildProgram.run(python, args, { env });
  await listener.until("listening");
  const allow = ["--allow-net", "--allow-env=LOGDIAL_KEY"];
  const command = ["set", "root=ERROR", "app.db=DEBUG", "--ports", ports.text];
  const run = async (key: string) => {
    const { code, stdout } = await logdial(command, { allow, env: { LOGDIAL_KEY: key } });
    assertEquals(code, 4, "CPython confirms nothing");
    assert(stdout.includes("sent, not confirmed"), stdout);
  };
  await run("other");
  await run(KEY);
  let asked = 0;
  await listener.eventually("the new levels in CPython", async () => {
    await listener.tell(`${++asked}`);
    return await listener.until(`${asked} `) === `${asked} 40 10` || undefined;
  });
});

Deno.test("verify sees every payload first, and says what is read", async (t) => {
  await using program = new OperatorProgram({
    options: IMPATIENT,
    verify: "prefix",
    quietMain: true,
  });
  await program.start("Idle", "Busy");
  await program.makeBusy("Busy");
  const ask = async (port: number, text: string) =>
    readAck(await say(port, encodeFrame(bytes(text))));
  for (const port of program.ports.all.slice(0, 2)) {
    await t.step(`port ${port - program.ports.first}`, async () => {
      const { status, error } = await ask(port, CHANGE);
      assertEquals([status, error!.message], [
        "rejected",
        "Cannot take the change: the program's verify has refused it",
      ]);
      const good = await ask(port, `ok:${CHANGE}`);
      assertEquals([good.status, good.levels], ["applied", { root: "ERROR" }]);
      assertEquals((await ask(port, "ok:nonsense")).status, "rejected");
      const got = await ask(port, 'ok:{"logdial": {"command": "get"}}');
      assert((got.result as { conf: string }).conf.includes("[loggers]"));
    });
  }
  await t.step("its overrides end, and late threads have what it let through", async () => {
    const override = {
      version: 1,
      incremental: true,
      loggers: { app: { level: "DEBUG" } },
      logdial: { expires: "4s" },
    };
    for (const port of program.ports.all.slice(0, 2)) {
      const { status, until } = await ask(port, `ok:${JSON.stringify(override)}`);
      assertEquals([status, typeof until], ["applied", "string"]);
    }
    await program.start("Late");
    await program.untilLevels("Late", { root: "ERROR", app: "DEBUG" });
    for (const name of ["Idle", "Busy", "Late"]) {
      await program.untilLevels(name, { root: "ERROR" });
    }
  });
  await t.step("what waits for a silent thread is seen to when it is read", async () => {
    const port = (await program.status()).get("Idle")!.port;
    await program.block("Idle");
    const config = { version: 1, incremental: true, root: { level: "DEBUG" } };
    const override = { ...config, logdial: { expires: "2s" } };
    assertEquals((await ask(port, `ok:${JSON.stringify(override)}`)).status, "pending");
    await program.open("Idle");
    const history = await program.child.eventually("its end", async () => {
      const { result } = await ask(port, 'ok:{"logdial": {"command": "history"}}');
      const details = (result as { detail: string }[] | undefined)?.map(({ detail }) => detail);
      return details?.at(-1) === "root DEBUG → ERROR" ? details : undefined;
    });
    assertEquals(history.at(-2), "root ERROR → DEBUG");
  });
});

Deno.test("a verify that throws refuses", async () => {
  await using program = new OperatorProgram({ verify: "throws", quietMain: true });
  await program.start("Idle");
  const { status, error } = await sendConfig(program.ports.first, CHANGE);
  assertEquals([status, error!.message], ["rejected", "Error: the verifier is broken"]);
  assertEquals(await program.levelsLogged("Idle", "alive"), ["ERROR"]);
});

Deno.test("listening for other machines needs a key, a verify, or to be asked for by name", async (t) => {
  const cases: { desc: string; options: Record<string, unknown>; isAllowed: boolean }[] = [
    { desc: "nothing", options: {}, isAllowed: false },
    { desc: "a key", options: { key: KEY }, isAllowed: true },
    { desc: "allowUnsigned", options: { allowUnsigned: true }, isAllowed: true },
  ];
  for (const { desc, options, isAllowed } of cases) {
    await t.step(desc, async () => {
      await using program = new OperatorProgram({ options: { hostname: "0.0.0.0", ...options } });
      if (isAllowed) await program.until("MainProcess", () => true);
      else {
        await program.child.untilError("Cannot listen on 0.0.0.0: others than this machine need");
      }
    });
  }
});

Deno.test("a browser cannot drive a listener", async (t) => {
  await using program = new OperatorProgram({ quietMain: true });
  await program.start("Idle");
  const port = program.ports.first;
  const frame = encodeFrame(bytes(taggedConfig("BROWSER", "ERROR")));
  const url = `http://127.0.0.1:${port}/`;
  const requests: { desc: string; body?: Uint8Array<ArrayBuffer> | string; method: string }[] = [
    { desc: "GET", method: "GET" },
    { desc: "POST of a frame", method: "POST", body: frame },
    { desc: "POST of a configuration", method: "POST", body: CHANGE },
    { desc: "PUT of a frame", method: "PUT", body: frame },
    { desc: "OPTIONS", method: "OPTIONS" },
    { desc: "a method of few letters", method: "GO", body: frame },
  ];
  for (const { desc, method, body } of requests) {
    await t.step(desc, async () => {
      // The answer is no HTTP, so a browser shows an error.
      const failed = await fetch(url, { method, body }).then(() => false, () => true);
      assert(failed);
      const { levels, generation } = (await program.status()).get("Idle")!;
      assertEquals([levels, generation], [{ root: "INFO" }, 0]);
    });
  }
  await t.step("a WebSocket", async () => {
    const socket = new WebSocket(url.replace("http", "ws"));
    await new Promise((resolve) => socket.onerror = resolve);
  });
  assertEquals(await program.levelsLogged("Idle", "unharmed"), ["ERROR"]);
});

Deno.test("a change from outside asks nobody at the program's terminal for a permission", async (t) => {
  const python = await findPython();
  if (python === undefined) return;
  const folders = [projectPath(""), ...registryFolders()].join();
  for (const read of ["--allow-read", `--allow-read=${folders}`]) {
    await t.step(read, async () => {
      using ports = PortBlock.claim(1);
      const wireHandlers = ["logging.FileHandler", "logging.handlers.RotatingFileHandler"];
      const settings = { options: { ports: ports.range, wireHandlers } };
      const command = denoRun("tests/fixtures/operator.ts", {
        args: [JSON.stringify(settings)],
        allow: ["--allow-net=127.0.0.1", read],
      }).filter((flag) => flag !== "--no-prompt");
      const inTerminal = ["-c", "import pty, sys; pty.spawn(sys.argv[1:])", Deno.execPath()];
      await using program = ChildProgram.run(python, [...inTerminal, ...command]);
      await program.eventually("an answer", () => say(ports.first, QUICK_PROBE).catch(() => {}));
      for (const name of wireHandlers) {
        const handlers = { file: { class: name, filename: "/tmp/logdial_asks_nobody.log" } };
        const root = { level: "ERROR", handlers: ["file"] };
        const ack = await sendConfig(ports.first, { version: 1, handlers, root });
        assertEquals(ack.status, "rejected");
        assert(JSON.stringify(ack).includes("--allow-"), JSON.stringify(ack));
      }
    });
  }
});
