/**
 * The demo: the main thread and its workers log, each listening on a port of its own, and it
 * says what to type in a second terminal to turn them.
 *
 * ```sh
 * deno run --allow-net=127.0.0.1 --allow-read --allow-env=ENV,LOGDIAL_PORTS examples/main.ts
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
  --freeze        the first worker hangs in its fifth round, after 8 s
  --help          this text

Turn the level from a second terminal:

${commands("", false)}
`;

/** What to type in the second terminal; `ports` is set if the demo is not where commands look. */
function commands(ports: string, freeze: boolean): string {
  const freezing = [
    ["record root=DEBUG", "at once: keep what threads log, in memory"],
    ["dump --name '*#1' --last 1s", "later: what the worker logged that hangs"],
  ];
  const lines = freeze ? freezing : [
    ["send error.conf", "errors only"],
    ["status", "who listens, at which level"],
    ["send debug.conf", "all lines again"],
    ["reset", "as it was at the start"],
  ];
  return lines.map(([command, meaning]) =>
    `  deno task ${`${command}${ports}`.padEnd((freeze ? 29 : 16) + ports.length)} # ${meaning}`
  ).join("\n");
}

/** Tells it at the start, if there is something to turn. */
function tellCommands(freeze: boolean): void {
  const isGranted = (permission: Deno.PermissionDescriptor) =>
    Deno.permissions.querySync(permission).state === "granted";
  if (!isGranted({ name: "net", host: "127.0.0.1" })) return;
  const variable = "LOGDIAL_PORTS";
  const ports = isGranted({ name: "env", variable }) ? Deno.env.get(variable) : undefined;
  console.log(
    `
In a second terminal, in this folder (without Deno: npx -y deno task …):

${commands(ports ? ` --ports ${ports}` : "", freeze)}

Ctrl-C ends the demo.
`,
  );
}

/** The flags, as they are once read. */
interface Flags {
  readonly workers: number;
  readonly interval: number;
  readonly count: number;
  readonly busy: boolean;
  readonly freeze: boolean;
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
  if (flags.count === Infinity) tellCommands(flags.freeze);
  const interrupt = () => Deno.exit(130);
  Deno.addSignalListener("SIGINT", interrupt);
  const { interval, count } = flags;
  const options: DemoOptions = { interval, count, busy: false, freeze: false };
  for (let number = 1; number <= flags.workers; number++) {
    const worker = new Worker(new URL("../workers/demo.ts", import.meta.url), {
      type: "module",
      name: `Logging Worker #${number}`,
    });
    const isFirst = number === 1;
    const { busy, freeze } = flags;
    worker.postMessage({ ...options, busy: busy && isFirst, freeze: freeze && isFirst });
  }
  await writeLogs(options);
}

function readFlags(args: readonly string[]): Flags {
  const flags: Record<string, unknown> = parseArgs([...args], {
    string: ["workers", "interval", "count"],
    boolean: ["busy", "freeze", "help"],
    alias: { h: "help" },
    unknown: (flag: string) => fail(`Unknown option "${flag}"`),
  });
  return {
    workers: wholeNumber("workers", flags.workers, 4),
    interval: wholeNumber("interval", flags.interval, 2000),
    count: wholeNumber("count", flags.count, Infinity),
    busy: flags.busy === true,
    freeze: flags.freeze === true,
    help: flags.help === true,
  };
}

function wholeNumber(name: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  return fail(`Cannot use --${name} "${value}": it must be a whole number`);
}

/** Deno asks where there is a terminal; elsewhere its refusal would not say what to add. */
function requirePermission(): void {
  const { state } = Deno.permissions.requestSync({
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
