import { bold, dim, yellow } from "@std/fmt/colors";
import { type Found, scan } from "../client/scan.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { COMMON_HELP, type Flags } from "./flags.ts";
import { span } from "./send.ts";
import { formatTable } from "./table.ts";
import { EXIT, UsageError } from "./usage.ts";

/** What `status --help` prints. */
export const STATUS_HELP = `Shows the threads that listen, and their levels.

Usage: logdial status [options]
${COMMON_HELP}

Exit status: 0 somebody listens; 2 wrong usage; 3 nobody listens.

Examples:
  logdial status
  logdial status --json`;

/** Runs `status`. */
export async function runStatus({ words, json, scan: options }: Flags): Promise<number> {
  if (words.length > 0) throw new UsageError(`Cannot use "${words[0]}": status takes options only`);
  const found = await scan(options);
  if (json) console.log(JSON.stringify(found, null, 2));
  else printFound(found, options);
  return found.some(({ kind }) => kind !== "foreign") ? EXIT.ok : EXIT.nobody;
}

function printFound(found: readonly Found[], { hostname, ports }: Flags["scan"]): void {
  if (found.length === 0) {
    console.log(`Nobody listens on ${hostname}, ports ${span(ports)}`);
    return;
  }
  const header = ["PORT", "PID", "THREAD", "ROOT", "LOGGERS", "CHANGED"].map((name): string =>
    dim(name)
  );
  for (const line of formatTable([header, ...found.map(row)])) console.log(line);
}

function row(found: Found): string[] {
  const port = bold(String(found.port));
  if (found.kind === "silent") return [port, "?", dim("closes without a word, like CPython's")];
  if (found.kind === "foreign") return [port, "?", dim(`not a logging server: ${found.reason}`)];
  const { pid, name, levels, pending } = found.status;
  const { root = "NOTSET", ...others } = levels;
  const own = Object.entries(others).map(([logger, level]) => `${logger}=${level}`);
  const waiting = pending > 0 ? yellow(` (${pending} pending)`) : "";
  return [port, String(pid), name, root, own.join(" ") || "-", changed(found.status) + waiting];
}

function changed({ changed }: ThreadStatus): string {
  if (changed === null) return "-";
  return `${new Date(changed.at).toLocaleTimeString("sv")} by ${changed.by}`;
}
