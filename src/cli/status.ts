import { bold, dim, yellow } from "@std/fmt/colors";
import type { Found } from "../client/scan.ts";
import { selectTargets, type Target } from "../client/targets.ts";
import { formatDuration } from "../config/spec/duration.ts";
import type { ThreadStatus } from "../wire/message.ts";
import { span } from "./deliveries.ts";
import { type Flags, TARGET_HELP } from "./flags.ts";
import { describeNotes, groupNotes, list } from "./notes.ts";
import { formatTable } from "./table.ts";
import { EXIT } from "./usage.ts";
import { noWords } from "./words.ts";

/** What `status --help` prints. */
export const STATUS_HELP = `Shows the threads that listen, and their levels.

Usage: logdial status [options]
${TARGET_HELP}

Exit status: 0 somebody listens; 2 wrong usage; 3 nobody listens.

Examples:
  logdial status
  logdial status --name 'Logging Worker #*' --json`;

/** Runs `status`. */
export async function runStatus(flags: Flags): Promise<number> {
  noWords(flags);
  if (flags.json) {
    const { targets, skipped } = await selectTargets(flags.targets);
    const found = [
      ...targets.map(({ port, status }): Found =>
        status === undefined ? { port, kind: "silent" } : { port, kind: "logdial", status }
      ),
      ...skipped,
    ].sort((a, b) => a.port - b.port);
    console.log(JSON.stringify(found, null, 2));
    return found.some(({ kind }) => kind !== "foreign") ? EXIT.ok : EXIT.nobody;
  }
  const { targets, skipped } = await selectTargets(flags.targets);
  if (targets.length + skipped.length === 0) {
    const { hostname, ports } = flags.targets;
    console.log(`Nobody listens on ${hostname}, ports ${span(ports)}`);
    return EXIT.nobody;
  }
  const header = ["PORT", "PID", "THREAD", "ROOT", "LOGGERS", "CHANGED"].map((name): string =>
    dim(name)
  );
  const foreign = skipped.map(({ port, reason }) => [
    bold(String(port)),
    "?",
    dim(`not a logging server: ${reason}`),
  ]);
  const rows = [...targets.flatMap(rowsOf), ...foreign];
  for (const line of formatTable([header, ...rows])) console.log(line);
  const notes = targets.flatMap(({ port, status }) => {
    const threads = status === undefined ? [] : [status, ...status.followers ?? []];
    return threads.map((one) => ({ port, lines: statusNotes(one) }));
  });
  for (const line of groupNotes(notes)) console.log(line);
  return targets.length > 0 ? EXIT.ok : EXIT.nobody;
}

/** A row for the thread that listens, and one for each that follows it. */
function rowsOf({ port, status }: Target): string[][] {
  if (status === undefined) {
    return [[bold(String(port)), "?", dim("closes without a word, like CPython's")]];
  }
  const followers = (status.followers ?? []).map((one) => row(dim(`(${port})`), one));
  return [row(bold(String(port)), status), ...followers];
}

function row(port: string, status: ThreadStatus): string[] {
  const { pid, name, levels } = status;
  const { root = "NOTSET", ...others } = levels;
  const own = Object.entries(others).map(([logger, level]) => `${logger}=${level}`);
  return [port, String(pid), name, root, own.join(" ") || "-", changed(status)];
}

function statusNotes(status: ThreadStatus): string[] {
  const opened = (status.opened ?? []).map(({ logger, from, handlers }) =>
    `${logger} shows ${from} and above through ${list(handlers, "handler")}`
  );
  return [...opened, ...describeNotes(status)];
}

function changed({ changed, pending, overrides }: ThreadStatus): string {
  const parts = [
    changed === null ? "-" : `${new Date(changed.at).toLocaleTimeString("sv")} by ${changed.by}`,
  ];
  const next = overrides.map(({ until }) => Date.parse(until)).sort((a, b) => a - b)[0];
  if (next !== undefined) parts.push(yellow(`${formatDuration(next - Date.now())} left`));
  if (pending > 0) parts.push(yellow(`${pending} pending`));
  return parts.join(", ");
}
