import { taggedConfig } from "../harness/tagged_config.ts";

/** A frame that was made to do harm. */
export interface HostileFrame {
  readonly desc: string;
  readonly text: string;
  /** What is said of it: part of the reason, or that it is taken after all. */
  readonly answer: string;
}

/** It waits for the thread's own answer, also on a machine that has much to do. */
const GOOD = `${taggedConfig("HOSTILE", "DEBUG")}\n[logdial]\nwait = 5s\n`;

function dict({ logdial = {}, ...parts }: Record<string, unknown>): string {
  const more = { logdial: { wait: "5s", ...logdial as object } };
  return JSON.stringify({ version: 1, root: { level: "DEBUG" }, ...more, ...parts });
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function handler(className: string, args: string): string {
  return GOOD.replace("StreamHandler", className).replace("(sys.stdout,)", args);
}

function format(text: string): string {
  return GOOD.replace(/^format *=.*$/m, () => `format = ${text}`);
}

const NOT_SIGNED = "an unsigned change may only have handlers";

/** The frames; `folder` has a named pipe `pipe` and a file `victim`. */
export function hostileFrames(folder: string): HostileFrame[] {
  const levels = (loggers: object) => dict({ incremental: true, loggers });
  const many = (count: number) => Object.fromEntries(times(count, (at) => [`l${at}`, {}]));
  const command = (parts: object) => JSON.stringify({ logdial: parts });
  return [
    {
      desc: "a duration that takes for ever to refuse",
      text: dict({ logdial: { expires: `${"1".repeat(28)}x` } }),
      answer: "Cannot read duration",
    },
    {
      desc: "the same, long",
      text: dict({ logdial: { wait: "1.1".repeat(300_000) } }),
      answer: "Cannot read duration",
    },
    {
      desc: "a name of 40000 parts",
      text: levels({ [times(40_000, () => "a").join(".")]: {} }),
      answer: "at most",
    },
    { desc: "as many loggers as may be", text: levels(many(1000)), answer: "applied" },
    {
      desc: "a thousand loggers with names of a thousand characters",
      text: levels(Object.fromEntries(times(900, (at) => [`a${at}`.padEnd(1000, "n"), {}]))),
      answer: "applied",
    },
    {
      desc: "a hundred more of which each is like all of those",
      text: levels(
        Object.fromEntries(times(100, (at) => [`b${at}`.padEnd(1000, "m"), { level: "DEBUG" }])),
      ),
      answer: "applied",
    },
    { desc: "one more", text: levels(many(1001)), answer: "1000 at most" },
    {
      desc: "60000 loggers",
      text: levels(many(60_000)),
      answer: "1000 at most",
    },
    {
      desc: "10000 fields",
      text: format("%(message)s".repeat(900)),
      answer: "more than 200 fields",
    },
    {
      desc: "a line of a gigabyte",
      text: format("%(message)500000000s"),
      answer: "10000 at most",
    },
    {
      desc: "a file to empty",
      text: handler("FileHandler", `('${folder}/victim', 'w')`),
      answer: NOT_SIGNED,
    },
    {
      desc: "a file to write a script into",
      text: handler("FileHandler", `('${folder}/script.sh',)`),
      answer: NOT_SIGNED,
    },
    {
      desc: "a named pipe",
      text: handler("FileHandler", `('${folder}/pipe',)`),
      answer: NOT_SIGNED,
    },
    {
      desc: "a named pipe, to be checked",
      text: command({
        command: "check",
        config: handler("handlers.WatchedFileHandler", `('${folder}/pipe',)`),
      }),
      answer: NOT_SIGNED,
    },
    {
      desc: "a billion backups",
      text: handler("handlers.RotatingFileHandler", `('${folder}/r', 'a', 1, 10**9)`),
      answer: "10000 at most",
    },
    {
      desc: "records for a host of one's choice",
      text: handler("handlers.SocketHandler", "('127.0.0.1', 1)"),
      answer: NOT_SIGNED,
    },
    {
      desc: "lines for a database",
      text: handler("handlers.HTTPHandler", "('127.0.0.1:6379', '/')"),
      answer: NOT_SIGNED,
    },
    {
      desc: "the lock of all or nothing for 20 days",
      text: command({ command: "prepare", transaction: "t", wait: "20d", config: GOOD }),
      answer: "applied",
    },
    {
      desc: "which ends",
      text: command({ command: "abort", transaction: "t" }),
      answer: "applied",
    },
    {
      desc: "500000 brackets",
      text: `{"version": 1, "a": ${"[".repeat(500_000)}`,
      answer: "nests deeper",
    },
    {
      desc: "a billion laughs by interpolation",
      text: `${GOOD}\n[DEFAULT]\n${
        times(9, (at) => `k${at}=${`%(k${at + 1})s`.repeat(100)}\n`).join("")
      }k9=x\nlevel=%(k0)s\n`.replace("level = DEBUG\n", ""),
      answer: "references",
    },
    {
      desc: "60000 options",
      text: `[a]\n${times(60_000, (at) => `k${at}=1\n`).join("")}`,
      answer: "more than 4000 options",
    },
    {
      desc: "half a million lines",
      text: `[a]\nb=1\n${" c\n".repeat(300_000)}`,
      answer: "more than 20000 lines",
    },
    {
      desc: "a line of a megabyte",
      text: `${GOOD}\n[x]\ny=${"z".repeat(1_000_000)}\n`,
      answer: "more than 10000 characters",
    },
    {
      desc: "a number that grows",
      text: handler("NullHandler", `(${times(900, () => "(1<<9998)").join("*")},)`),
      answer: "bits",
    },
    {
      desc: "brackets in a literal",
      text: handler("NullHandler", `${"(".repeat(4000)}${")".repeat(4000)}`),
      answer: "nests deeper",
    },
    {
      desc: "names that every object inherits",
      text: `{"version": 1, "root": {"level": "DEBUG"}, "loggers": {"__proto__": {},
        "constructor": {"level": "INFO"}, "toString": {"level": "ERROR"}}}`,
      answer: "applied",
    },
    {
      desc: "a circle",
      text: dict({ a: "cfg://b", b: "cfg://a", handlers: { h: { class: "cfg://a" } } }),
      answer: "circle",
    },
    {
      desc: "lists of lists",
      text: dict({
        a: times(100, () => "cfg://b"),
        b: times(100, () => "cfg://c"),
        c: times(100, () => 1),
        handlers: { h: { class: "logging.NullHandler", x: "cfg://a" } },
      }),
      answer: "100000 values",
    },
    {
      desc: "a handler that passes for a filter",
      text: dict({
        filters: { f: { "()": "ext://logging.FileHandler", filename: `${folder}/f` } },
      }),
      answer: NOT_SIGNED,
    },
    {
      desc: "a rollback of all that ever was",
      text: command({ command: "rollback", steps: 2 ** 31 }),
      answer: "Cannot roll back",
    },
    {
      desc: "a transaction with a long name",
      text: command({ command: "abort", transaction: "x".repeat(900_000) }),
      answer: "100 characters at most",
    },
    {
      desc: "a tail of a logger with a long name",
      text: command({ command: "tail", logger: "x".repeat(900_000) }),
      answer: "1000 characters at most",
    },
    {
      desc: "a label of a megabyte",
      text: dict({ logdial: { label: "\u001b]0;owned\u0007".repeat(50_000) } }),
      answer: "applied",
    },
    {
      desc: "a megabyte of equals signs",
      text: `[a]\n${"=".repeat(1_000_000)}`,
      answer: "option name",
    },
    {
      desc: "a megabyte of percent signs",
      text: `[a]\nb=${"%(".repeat(500_000)}`,
      answer: "10000",
    },
  ];
}
