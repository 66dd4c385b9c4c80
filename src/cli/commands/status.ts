import { EXIT } from "../answers/exit_status.ts";
import type { Found } from "../../client/scan.ts";
import { selectTargets, type Target } from "../../client/targets.ts";
import { formatDuration } from "../../config/spec/duration.ts";
import type { Override, ThreadStatus } from "../../wire/message.ts";
import { type Flags, noWords, TARGET_HELP } from "../arguments/flags.ts";
import { nobodyText } from "../answers/groups.ts";
import { describeNotes, groupNotes, list, recorderText } from "../printing/notes.ts";
import { bold, dim, print, printJson, yellow } from "../printing/print.ts";
import { formatTable } from "../printing/format_table.ts";

/** What `status --help` prints. */
export const STATUS_HELP: string = `Shows the threads that listen, and their levels.

Usage: logdial status [options]
${TARGET_HELP}

Exit status: 0 somebody listens; 1 the host cannot be reached; 2 wrong usage; 3 nobody
listens.

Examples:
  logdial status
  logdial status --name 'Logging Worker #*' --json`;

/** Most loggers of a thread that a line shows; JSON has all. */
const MAX_LOGGERS = 20;

/** What was found, with its name where other commands have it too. */
type Shown = Found & { readonly name?: string; readonly pid?: number };

/** Runs `status`. */
export async function runStatus(flags: Flags): Promise<number> {
  noWords(flags);
  if (flags.json) {
    const { targets, skipped } = await selectTargets(flags.targets);
    const found = [
      ...targets.map(({ port, status }): Shown =>
        status === undefined
          ? { port, kind: "silent" }
          : { port, kind: "logdial", name: status.name, pid: status.pid, status }
      ),
      ...skipped,
    ].sort((a, b) => a.port - b.port);
    printJson(found);
    return found.some(({ kind }) => kind !== "foreign") ? EXIT.ok : EXIT.nobody;
  }
  const { targets, skipped } = await selectTargets(flags.targets);
  if (targets.length + skipped.length === 0) {
    print(nobodyText([], flags));
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
  for (const line of formatTable([header, ...rows])) print(line);
  const notes = targets.flatMap(({ port, status }) => {
    const threads = status === undefined ? [] : [status, ...status.followers ?? []];
    return threads.map((one) => ({ port, lines: statusNotes(one) }));
  });
  for (const line of groupNotes(notes)) print(line);
  return targets.length > 0 ? EXIT.ok : EXIT.nobody;
}

/** A row for the thread that listens, and one for each that follows it. */
function rowsOf({ port, status }: Target): string[][] {
  if (status === undefined) {
    return [[bold(String(port)), "?", dim("closes without a word, like CPython's")]];
  }
  const followers = (status.followers ?? []).map((one) => row(dim(`(${port})`), one));
  // A tunnel leads elsewhere, and somebody may pass for another thread.
  const note = status.port === port ? "" : dim(` (says port ${status.port})`);
  return [row(bold(String(port)), status, note), ...followers];
}

function row(port: string, status: ThreadStatus, note = ""): string[] {
  const { pid, name, levels } = status;
  const { root = "NOTSET", ...others } = levels;
  const own = Object.entries(others).map(([logger, level]) => `${logger}=${level}`);
  if (own.length > MAX_LOGGERS) {
    own.splice(MAX_LOGGERS, Infinity, `… (${own.length - MAX_LOGGERS} more)`);
  }
  return [port, String(pid), name + note, root, own.join(" ") || "-", changed(status)];
}

function statusNotes(status: ThreadStatus): string[] {
  const opened = (status.opened ?? []).map(({ logger, from, handlers }) =>
    `${logger} shows ${from} and above through ${list(handlers, "handler")}`
  );
  const recorded = recorderText(status);
  return [...opened, ...recorded === "" ? [] : [recorded], ...describeNotes(status)];
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
