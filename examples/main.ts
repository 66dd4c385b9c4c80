/**
 * The demo: the main thread and its workers log, each listening on a port of its own.
 *
 * ```sh
 * deno run --allow-net=127.0.0.1 --allow-read --allow-env=ENV,LOGDIAL_PORTS examples/main.ts
 * deno task send error.conf   # in a second terminal
 * ```
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import type { DemoOptions } from "./write_logs.ts";

const HELP = `Logs from several threads until Ctrl-C.

Usage: deno task demo [options]

  --workers N     worker threads beside the main thread (default 4)
  --interval MS   time between rounds in milliseconds (default 2000)
  --count N       rounds to write, then end (default: no end)
  --busy          the first worker computes without ever yielding
  --help          this text

Turn the level from another terminal:

  deno task send error.conf
  deno task status
`;

/** The flags, as they are once read. */
interface Flags {
  readonly workers: number;
  readonly interval: number;
  readonly count: number;
  readonly busy: boolean;
  readonly help: boolean;
}

async function main(): Promise<void> {
  const flags = readFlags(Deno.args);
  if (flags.help) {
    console.log(HELP);
    return;
  }
  requirePermission();
  const { writeLogs } = await import("./write_logs.ts");
  const interrupt = () => Deno.exit(130);
  Deno.addSignalListener("SIGINT", interrupt);
  const options: DemoOptions = { interval: flags.interval, count: flags.count, busy: false };
  for (let number = 1; number <= flags.workers; number++) {
    const worker = new Worker(new URL("../workers/demo.ts", import.meta.url), {
      type: "module",
      name: `Logging Worker #${number}`,
    });
    worker.postMessage({ ...options, busy: flags.busy && number === 1 });
  }
  await writeLogs(options);
}

function readFlags(args: readonly string[]): Flags {
  const flags: Record<string, unknown> = parseArgs([...args], {
    string: ["workers", "interval", "count"],
    boolean: ["busy", "help"],
    alias: { h: "help" },
    unknown: (flag: string) => fail(`Unknown option "${flag}"`),
  });
  return {
    workers: wholeNumber("workers", flags.workers, 4),
    interval: wholeNumber("interval", flags.interval, 2000),
    count: wholeNumber("count", flags.count, Infinity),
    busy: flags.busy === true,
    help: flags.help === true,
  };
}

function wholeNumber(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return fail(`Cannot use --${name} "${value}": it must be a whole number`);
}

/** Without a terminal Deno cannot ask, and its refusal would not say what to add. */
function requirePermission(): void {
  if (Deno.stdin.isTerminal()) return;
  const { state } = Deno.permissions.querySync({
    name: "read",
    path: new URL("..", import.meta.url),
  });
  if (state === "granted") return;
  fail("Workers need to be read: add --allow-read --allow-net=127.0.0.1 --allow-env=ENV");
}

function fail(message: string): never {
  console.error(`${message} (see --help)`);
  Deno.exit(2);
}

await main();
