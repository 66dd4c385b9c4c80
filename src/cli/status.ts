import { bold, dim, yellow } from "@std/fmt/colors";
import type { Found } from "../client/scan.ts";
import { selectTargets, type Target } from "../client/targets.ts";
import { formatDuration } from "../config/spec/duration.ts";
import type { Override, ThreadStatus } from "../wire/message.ts";
import { span } from "./deliveries.ts";
import { type Flags, TARGET_HELP } from "./flags.ts";
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

/** The last change, with its time left if it ends, and the other changes that end. */
function changed({ changed, pending, overrides }: ThreadStatus): string {
  const left = ({ until }: Override) =>
    yellow(`${formatDuration(Date.parse(until) - Date.now())} left`);
  // Its name has the sender's address in it, which no other change has.
  const isLast = ({ by }: Override) => by === changed?.by;
  const last = changed === null
    ? ["-"]
    : [`${new Date(changed.at).toLocaleTimeString("sv")} by ${changed.by}`];
  last.push(...overrides.filter(isLast).map(left));
  const others = overrides.filter((one) => !isLast(one)).map((one) =>
    `${withoutAddress(one.by)}, ${left(one)}`
  );
  if (pending > 0) last.push(yellow(`${pending} pending`));
  return [last.join(", "), ...others].join("; ");
}

/** What a change is called, without the address that stands behind it. */
function withoutAddress(by: string): string {
  return by.replace(/ \([^()]*\)$/, "");
}
