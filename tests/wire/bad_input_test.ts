import { assert, assertEquals } from "@std/assert";
import { encodeFrame, PROBE } from "../../src/wire/frame.ts";
import { parseStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { eventually } from "../harness/deadline.ts";
import { plain } from "../harness/line_reader.ts";
import { PATIENT } from "../harness/patient.ts";
import { PortBlock } from "../harness/port_block.ts";
import { RawPeer, readAck, say, sendConfig } from "../harness/raw_peer.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { tagged, taggedConfig } from "../harness/tagged_config.ts";

const MAX_BYTES = 100_000, SHORT_TIMEOUT = 400;

/** A program under attack: its main thread is idle, its worker never yields. */
class Target implements AsyncDisposable {
  readonly child: ChildProgram;
  readonly ports = PortBlock.claim(2);
  #tag = "START";
  #round = 0;
  #descriptors = 0;

  constructor(limits: { readTimeout?: number } = {}) {
    const options = {
      ports: this.ports.range,
      maxBytes: MAX_BYTES,
      ...PATIENT,
      ...limits,
    };
    this.child = ChildProgram.deno("tests/fixtures/limits.ts", { args: [JSON.stringify(options)] });
  }

  /** Waits until both threads listen. */
  async ready(): Promise<void> {
    await this.child.until("START|Busy|DEBUG|busy");
    // Whatever the first change opens for good is there from now on.
    await this.checkUnharmed();
    this.#descriptors = this.child.descriptors().length;
  }

  /** Ports of the main thread and of the worker. */
  get both(): number[] {
    return this.ports.all;
  }

  /** Both threads log with the configuration from before, and take the next good one. */
  async checkUnharmed(): Promise<void> {
    await this.#checkLines();
    this.#tag = `ROUND ${++this.#round}`;
    for (const port of this.both) {
      const { status, error } = await sendConfig(port, taggedConfig(this.#tag, "DEBUG"));
      assertEquals([status, error?.message], ["applied", undefined]);
    }
    await this.#checkLines();
  }

  /**
   * No connection is kept open. Each thread's link to the hub is accepted at a time of its
   * own, which may be after the first count.
   */
  async checkNothingKept(): Promise<void> {
    const extra = () => this.child.descriptors().length - this.#descriptors - this.both.length;
    try {
      await eventually("the connections to be closed", () => extra() <= 0 || undefined);
    } catch (error) {
      const open = this.child.descriptors().join("\n");
      throw new Error(`${extra()} descriptors too many:\n${open}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child[Symbol.asyncDispose]();
    this.ports[Symbol.dispose]();
  }

  /** What the program logs from now on is in the format that is in force. */
  async #checkLines(): Promise<void> {
    const text = `check ${++this.#round}`;
    await this.child.tell(text);
    const line = await this.child.until(text);
    assertEquals(line, tagged(this.#tag, "MainProcess", "DEBUG", text));
    // Everything before that line was written earlier: the worker's next one counts.
    const from = this.child.stdout.lines.lastIndexOf(line);
    assertEquals(
      await this.child.until("busy", from),
      tagged(this.#tag, "Busy", "DEBUG", "busy"),
    );
  }
}

/** A frame with the configuration in it. */
function frameOf(text: string): Uint8Array<ArrayBuffer> {
  return encodeFrame(new TextEncoder().encode(text));
}

/** A header that claims so many bytes. */
function header(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

const GOOD = taggedConfig("UNUSED", "DEBUG");
const NO_ANSWER = "";

/** Requests and the reason that the answer must name. */
const REFUSED: { desc: string; bytes: Uint8Array; reason: string | RegExp }[] = [
  {
    desc: "a header that ends early",
    bytes: header(100).subarray(0, 3),
    reason: "the length ended after 3 of 4 bytes",
  },
  {
    desc: "a single byte",
    bytes: new Uint8Array(1),
    reason: "the length ended after 1 of 4 bytes",
  },
  {
    desc: "a body that ends early",
    bytes: frameOf(GOOD).subarray(0, 104),
    reason: /the frame ended after 100 of \d+ bytes/,
  },
  { desc: "zero length", bytes: header(0), reason: "an empty configuration" },
  {
    desc: "a length just over the limit",
    bytes: header(MAX_BYTES + 1),
    reason: `a length of ${MAX_BYTES + 1} bytes is over the limit of ${MAX_BYTES}`,
  },
  {
    desc: "more bytes than the limit, really sent",
    bytes: frameOf("#".repeat(MAX_BYTES + 1)),
    reason: "is over the limit",
  },
  {
    desc: "a length of 0xFFFFFFFF",
    bytes: header(0xffffffff),
    reason: "a length of 4294967295 bytes is over the limit",
  },
  {
    desc: "invalid UTF-8",
    bytes: encodeFrame(Uint8Array.of(0x5b, 0xff, 0xfe, 0xc0, 0x5d)),
    reason: "it is not UTF-8",
  },
  {
    desc: "a byte order mark",
    bytes: frameOf(`\ufeff${GOOD}`),
    reason: "byte order mark",
  },
  {
    desc: "an HTTP request",
    bytes: new TextEncoder().encode("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
    reason: "is the sender speaking another protocol?",
  },
  { desc: "JSON that is no object", bytes: frameOf("[1, 2]"), reason: "Cannot" },
  { desc: "broken JSON", bytes: frameOf('{"version": 1,'), reason: "Cannot read" },
  { desc: "a dict of another version", bytes: frameOf('{"version": 2}'), reason: "version" },
  {
    desc: "an unknown class",
    bytes: frameOf(GOOD.replace("StreamHandler", "NoSuchHandler")),
    reason: "NoSuchHandler",
  },
  {
    desc: "an unknown level",
    bytes: frameOf(GOOD.replace("level = DEBUG", "level = LOUD")),
    reason: "LOUD",
  },
  {
    desc: "a file handler that cannot open its file",
    bytes: frameOf(
      GOOD.replace("StreamHandler", "FileHandler")
        .replace("(sys.stdout,)", "('/nonexistent-dir/x.log',)"),
    ),
    reason: /FileHandler|nonexistent-dir/,
  },
  {
    desc: "args that would run code",
    bytes: frameOf(GOOD.replace("(sys.stdout,)", "(Deno.exit(1),)")),
    reason: "args",
  },
];

Deno.test("bad input is refused with a reason and harms nothing", async (t) => {
  await using target = new Target();
  await target.ready();
  for (const { desc, bytes, reason } of REFUSED) {
    await t.step(desc, async () => {
      for (const port of target.both) {
        const { status, error } = readAck(await say(port, bytes));
        assertEquals(status, "rejected");
        const { message } = error!;
        const named = typeof reason === "string" ? message.includes(reason) : reason.test(message);
        assert(named, message);
      }
      await target.checkUnharmed();
      await target.checkNothingKept();
    });
  }
});

Deno.test("a refusal names section, key and line", async () => {
  await using target = new Target();
  await target.ready();
  const bad = GOOD.replace("level = DEBUG", "level = LOUD");
  const { error } = await sendConfig(target.ports.first, bad);
  const line = bad.split("\n").findIndex((text) => text.startsWith("level")) + 1;
  assertEquals([error!.section, error!.key, error!.line], ["logger_root", "level", line]);
  // CPython's senders never read the answer.
  await target.child.untilError(
    new RegExp(`^logdial: refused a configuration for port ${target.ports.first} from .*LOUD`),
  );
});

Deno.test("a frame is taken however it is split", async (t) => {
  await using target = new Target();
  await target.ready();
  const frame = frameOf(GOOD);
  const cuts: { desc: string; pieces: Uint8Array[] }[] = [
    { desc: "the header byte by byte", pieces: split(frame, 1, 2, 3, 4) },
    { desc: "header and body apart", pieces: split(frame, 4) },
    { desc: "in the middle of the header", pieces: split(frame, 2) },
    { desc: "the body in two", pieces: split(frame, 4 + 100) },
    { desc: "everything byte by byte", pieces: split(frame, ...frame.keys()) },
  ];
  for (const { desc, pieces } of cuts) {
    await t.step(desc, async () => {
      for (const port of target.both) {
        assertEquals(readAck(await say(port, ...pieces)).status, "applied");
      }
      for (const port of target.both) await sendConfig(port, taggedConfig("START", "DEBUG"));
      await target.checkNothingKept();
    });
  }
});

Deno.test("a sender that does not end its side gets its answer all the same", async () => {
  await using target = new Target();
  await target.ready();
  using peer = await RawPeer.connect(target.ports.first);
  await peer.write(frameOf(GOOD));
  assertEquals(readAck(await peer.readAll()).status, "applied");
});

Deno.test("a peer that goes away harms nothing", async (t) => {
  await using target = new Target();
  await target.ready();
  const goodbyes: { desc: string; talk: (peer: RawPeer) => Promise<void> }[] = [
    { desc: "at once", talk: () => Promise.resolve() },
    { desc: "in the header", talk: (peer) => peer.write(header(100).subarray(0, 2)) },
    { desc: "in the body", talk: (peer) => peer.write(frameOf(GOOD).subarray(0, 60)) },
    { desc: "after a refused request", talk: (peer) => peer.write(header(0xffffffff)) },
    { desc: "after a probe", talk: (peer) => peer.write(PROBE) },
    {
      desc: "after a frame, as CPython's senders do",
      talk: (peer) => peer.write(frameOf(GOOD.replace("DEBUG", "LOUD"))),
    },
  ];
  for (const { desc, talk } of goodbyes) {
    await t.step(desc, async () => {
      for (const port of target.both) {
        using peer = await RawPeer.connect(port);
        await talk(peer);
      }
      await target.checkUnharmed();
      await target.checkNothingKept();
    });
  }
});

Deno.test("a sender that never ends is cut off after the read timeout", async (t) => {
  await using target = new Target({ readTimeout: SHORT_TIMEOUT });
  await target.ready();
  const cases: { desc: string; first: Uint8Array; drips: boolean }[] = [
    { desc: "a byte at a time", first: header(50_000), drips: true },
    { desc: "a header and then silence", first: header(50_000), drips: false },
    { desc: "a connection that says nothing", first: new Uint8Array(0), drips: false },
  ];
  for (const { desc, first, drips } of cases) {
    await t.step(desc, async () => {
      using peer = await RawPeer.connect(target.ports.first);
      await peer.write(first);
      let over = false;
      const drip = async () => {
        while (!over) {
          await peer.write(Uint8Array.of(0x23)).catch(() => over = true);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      const dripping = drips ? drip() : Promise.resolve();
      // Meanwhile others are served.
      await target.checkUnharmed();
      const answer = await peer.readAll();
      over = true;
      await dripping;
      const { status, error } = readAck(answer);
      assertEquals(status, "rejected");
      assert(error!.message.includes(`did not arrive within ${SHORT_TIMEOUT} ms`), error!.message);
      await target.checkUnharmed();
    });
  }
  await target.checkNothingKept();
});

Deno.test("random bytes harm nothing", async () => {
  await using target = new Target();
  await target.ready();
  const random = new SeededBytes(20260101);
  for (let round = 0; round < 60; round++) {
    const bytes = random.take(random.below(600));
    const port = target.both[round % 2]!;
    for (const request of [bytes, encodeFrame(bytes)]) {
      const answer = await say(port, request);
      if (answer !== NO_ANSWER) assertEquals(readAck(answer).status, "rejected");
    }
  }
  await target.checkUnharmed();
  await target.checkNothingKept();
});

Deno.test("a good configuration with bytes changed is applied or refused, whole", async () => {
  await using target = new Target();
  await target.ready();
  const random = new SeededBytes(7);
  const good = new TextEncoder().encode(GOOD);
  for (let round = 0; round < 100; round++) {
    const bytes = good.slice();
    for (let count = 1 + random.below(3); count > 0; count--) {
      bytes[random.below(bytes.length)] = 32 + random.below(95);
    }
    const { status, levels, error } = readAck(await say(target.ports.first, encodeFrame(bytes)));
    if (status === "applied") assert(levels !== undefined);
    else assert(status === "rejected" && error!.message !== "");
  }
  for (const port of target.both) await sendConfig(port, taggedConfig("START", "DEBUG"));
  await target.checkNothingKept();
});

Deno.test("200 connections at once", async (t) => {
  // Long enough for all of them to come.
  await using target = new Target({ readTimeout: 5 * SHORT_TIMEOUT });
  await target.ready();
  await t.step("that say nothing give way to one that asks", async () => {
    const silent = await Promise.all(
      Array.from({ length: 200 }, (_, index) => RawPeer.connect(target.both[index % 2]!)),
    );
    await target.checkUnharmed();
    const answers = await Promise.all(silent.map((peer) => peer.readAll()));
    for (const peer of silent) peer[Symbol.dispose]();
    const reasons = answers.map((answer) => readAck(answer).error!.message);
    const evicted = reasons.filter((reason) => reason.includes("more than 128 connections"));
    const late = reasons.filter((reason) => reason.includes("did not arrive within"));
    assertEquals(evicted.length + late.length, 200);
    assert(evicted.length >= 72, `${evicted.length} turned away`);
    await target.checkNothingKept();
  });
  await t.step("that all ask get an answer each", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => say(target.both[index % 2]!, PROBE)),
    );
    for (const answer of answers) {
      assert(parseStatus(answer) !== undefined || readAck(answer).status === "rejected");
    }
    await target.checkUnharmed();
    await target.checkNothingKept();
  });
  await t.step("that all send get an answer each", async () => {
    const answers = await Promise.all(
      Array.from(
        { length: 200 },
        (_, index) => sendConfig(target.both[index % 2]!, taggedConfig(`N${index}`, "DEBUG")),
      ),
    );
    // Where 200 take long, as on a busy machine, some give way to others, and hear "pending".
    const told = new Set(answers.map(({ status }) => status));
    assertEquals(told.difference(new Set(["applied", "pending", "rejected"])), new Set());
    assert(told.has("applied"));
    // All that were told to wait have been carried out before the next one.
    for (const port of target.both) {
      assertEquals((await sendConfig(port, taggedConfig("START", "DEBUG"))).status, "applied");
    }
    await target.checkNothingKept();
  });
});

Deno.test("thousands of bad and good requests leave no memory behind", async () => {
  await using target = new Target();
  await target.ready();
  const big = frameOf("#".repeat(MAX_BYTES + 1));
  const torn = frameOf("#".repeat(MAX_BYTES)).subarray(0, MAX_BYTES / 2);
  const round = async () => {
    const requests = [
      big,
      torn,
      header(0xffffffff),
      ...REFUSED.slice(-6).map(({ bytes }) => bytes),
    ];
    await Promise.all(requests.map((bytes, index) => say(target.both[index % 2]!, bytes)));
    await sendConfig(target.ports.first, GOOD);
  };
  for (let count = 0; count < 60; count++) await round();
  const before = target.child.residentMiB();
  for (let count = 0; count < 120; count++) await round();
  const grown = target.child.residentMiB() - before;
  // Over 10 MiB went through the connections; the rest is the collectors' slack.
  assert(grown < 40, `grown by ${grown.toFixed(1)} MiB`);
  await target.checkNothingKept();
  assertEquals(target.child.stdout.lines.map(plain).filter((line) => line.includes("rror")), []);
});

/** The bytes, cut at these places. */
function split(bytes: Uint8Array, ...places: number[]): Uint8Array[] {
  const starts = [0, ...places.filter((place) => place > 0)];
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]));
}
