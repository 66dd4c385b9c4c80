import { encodeFrame, PROBE } from "../../src/wire/frame.ts";
import { SeededBytes } from "../harness/seeded_bytes.ts";
import { taggedConfig } from "../harness/tagged_config.ts";

const GOOD: string = taggedConfig("FUZZ", "DEBUG");
const LEVELS = { version: 1, incremental: true, root: { level: "INFO" } };
const DICT = {
  version: 1,
  formatters: { plain: { format: "%(message)s" } },
  handlers: { out: { class: "logging.StreamHandler", stream: "ext://sys.stdout" } },
  loggers: { "app.db": { level: "DEBUG", handlers: ["out"], propagate: false } },
  root: { level: "ERROR", handlers: ["out"] },
};

/** What is taken for the start of a frame: everything that a listener understands. */
const SEEDS: readonly string[] = [
  GOOD,
  `${GOOD}\n[logdial]\nlabel = fuzz\nexpires = 50ms\n`,
  ...[
    LEVELS,
    DICT,
    { ...LEVELS, logdial: { label: "fuzz", expires: "30ms", forever: true } },
    { logdial: { command: "get" } },
    { logdial: { command: "history" } },
    { logdial: { command: "reset" } },
    { logdial: { command: "rollback", steps: 1 } },
    { logdial: { command: "check", config: GOOD } },
    { logdial: { command: "prepare", transaction: "t", config: JSON.stringify(LEVELS) } },
    { logdial: { command: "commit", transaction: "t" } },
    { logdial: { command: "abort", transaction: "t" } },
    { logdial: { command: "tail", level: 10, logger: "app" } },
    { logdial: { command: "dump", level: 10, last: "30s", where: { requestId: "a1" } } },
    { ...LEVELS, logdial: { id: "a", to: { name: "B*" }, wait: "20ms", expires: "1h30m" } },
    { logdial: { command: "rollback", steps: 1, ids: ["a"], id: "b" } },
    { ...DICT, formatters: { plain: { format: "{message:>10.20}", style: "{" } } },
    { ...DICT, list: ["out"], root: { handlers: "cfg://list", level: "DEBUG" } },
    { ...DICT, filters: { f: { "()": "logging.Filter", name: "app" } } },
  ].map((value) => JSON.stringify(value)),
  GOOD.replace("(sys.stdout,)", "(sys.stdout,) # 1<<9 ** 2 * 3"),
  GOOD.replace("StreamHandler", "FileHandler").replace("(sys.stdout,)", "('/dev/null', 'w')"),
  GOOD.replace("StreamHandler", "handlers.RotatingFileHandler")
    .replace("(sys.stdout,)", "('/dev/null', 'a', 10, 9)"),
  GOOD.replace("level = DEBUG", "level = %(a)s") + "\n[DEFAULT]\na = %(b)s\nb = DEBUG\n",
  `logdial-signature: v2 1 ${"0".repeat(32)} ${"0".repeat(64)}\n${GOOD}`,
  `logdial-signature: v1 1 ${"0".repeat(32)} ${"0".repeat(64)}\n${GOOD}`,
  "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
];

const encoder = new TextEncoder();

/** Requests that are random, or nearly good ones with something done to them. */
export class FuzzFrames {
  readonly #random: SeededBytes;

  /** The same seed gives the same requests. */
  constructor(seed: number) {
    this.#random = new SeededBytes(seed);
  }

  /** The next request, all bytes of it. */
  next(): Uint8Array {
    const kind = this.#random.below(20);
    if (kind === 0) return this.#random.take(this.#random.below(400));
    if (kind === 1) return encodeFrame(this.#random.take(this.#random.below(400)));
    if (kind === 2) return PROBE;
    const seed = encoder.encode(SEEDS[this.#random.below(SEEDS.length)]!);
    if (kind === 3) return encodeFrame(seed);
    let payload = seed;
    for (let count = 1 + this.#random.below(4); count > 0; count--) {
      payload = this.#mutate(payload);
    }
    const frame = encodeFrame(payload);
    if (kind === 4) frame[this.#random.below(4)] = this.#random.below(256);
    return kind === 5 ? frame.subarray(0, this.#random.below(frame.length + 1)) : frame;
  }

  #mutate(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const at = this.#random.below(bytes.length + 1);
    const length = this.#random.below(20);
    switch (this.#random.below(8)) {
      case 0: { // A byte of any value.
        const changed = bytes.slice();
        if (at < changed.length) changed[at] = this.#random.below(256);
        return changed;
      }
      case 1: { // A printable one, which gets further.
        const changed = bytes.slice();
        if (at < changed.length) changed[at] = 32 + this.#random.below(95);
        return changed;
      }
      case 2: // A piece left out.
        return join(bytes.subarray(0, at), bytes.subarray(at + length));
      case 3: // A piece twice.
        return join(bytes.subarray(0, at + length), bytes.subarray(at));
      case 4: // Random bytes put in.
        return join(bytes.subarray(0, at), this.#random.take(length), bytes.subarray(at));
      case 5: { // A piece many times.
        const piece = bytes.subarray(at, at + length);
        const count = 1 + this.#random.below(this.#random.below(10) === 0 ? 20_000 : 200);
        return join(bytes.subarray(0, at), ...Array(count).fill(piece), bytes.subarray(at));
      }
      case 6: { // The next digit becomes a large number.
        const digit = bytes.findIndex((byte, index) => index >= at && byte >= 48 && byte < 58);
        if (digit < 0) return bytes;
        const many = encoder.encode("9".repeat(1 + this.#random.below(30)));
        return join(bytes.subarray(0, digit), many, bytes.subarray(digit + 1));
      }
      default: { // The end of another one.
        const other = encoder.encode(SEEDS[this.#random.below(SEEDS.length)]!);
        return join(bytes.subarray(0, at), other.subarray(this.#random.below(other.length)));
      }
    }
  }
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
