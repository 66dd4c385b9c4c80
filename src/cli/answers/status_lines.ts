import { formatDuration } from "../../config/spec/duration.ts";
import { labelOf } from "../../wire/library_label.ts";
import type { Override, ThreadStatus, WatchedFileStatus } from "../../wire/message.ts";
import { clock } from "../printing/clock.ts";
import { formatTable } from "../printing/format_table.ts";
import { coloredLevel } from "../printing/level_color.ts";
import {
  describeNotes,
  forText,
  groupNotes,
  list,
  type Note,
  recorderText,
} from "../printing/notes.ts";
import { bold, columns, dim, yellow } from "../printing/print.ts";
import { wrapAll } from "../printing/wrap.ts";
import { type Group, groupEqual, type Placed } from "./groups.ts";
import { linesText } from "./lines_text.ts";
import { senderText } from "./sender_text.ts";

/** Most loggers of a thread that a row shows; JSON has all. */
const MAX_LOGGERS = 20;

/** What `status` has found on a port, or at a thread that is reached by that port. */
export interface Listed extends Placed {
  /** The status that a thread of ours has told. */
  readonly status?: ThreadStatus;
  /** The process of a thread that takes no more questions. */
  readonly pid?: number;
  /** Why something else is no listener, or a thread takes no more questions. */
  readonly reason?: string;
}

/** Whether it is a thread that takes no more questions now. */
export function takesNoQuestions({ kind, status }: Listed): boolean {
  return kind === undefined && status === undefined;
}

/**
 * The threads with their levels, equal ones once, and below them what was changed by whom. These
 * lines are no wider than `width`; notes on what to look out for may be wider.
 */
export async function statusLines(listed: readonly Listed[], width: number): Promise<string[]> {
  const apps = new Set(listed.flatMap(({ status }) => status?.app ?? []));
  const isOfMany = apps.size > 1;
  const names = ["PORT", "PID", ...isOfMany ? ["APP"] : [], "THREAD", "ROOT", "LOGGERS"];
  const rows = groupEqual(listed, sameRow).map((group) => rowOf(group, isOfMany));
  const table = await formatTable([names.map((name) => dim(name)), ...rows], width);
  const told = (notesOf: (status: ThreadStatus) => (string | Note)[]) =>
    groupNotes(
      listed.flatMap(({ port, via, status }) =>
        status === undefined ? [] : [{ port: via ?? port, lines: notesOf(status) }]
      ),
    );
  return [
    ...table,
    ...await wrapAll(told(changesOf), width),
    ...await wrapAll(told(notesOf), columns()),
  ];
}

function sameRow({ port, via, kind, status, reason }: Listed): string {
  const says = status === undefined ? undefined : saysPort(status, via ?? port, via);
  const { pid, app, levels, bridged } = status ?? {};
  return JSON.stringify([kind, via !== undefined, reason, says, pid, app, levels, bridged]);
}

function rowOf({ label: [ports, who], members: [one] }: Group<Listed>, hasApp: boolean): string[] {
  const { port, via, kind, status, reason } = one!;
  const shown = via === undefined ? bold(ports) : dim(ports);
  const before = (pid: string, app: string) => [shown, pid, ...hasApp ? [app] : []];
  if (status === undefined) {
    const what = kind === "silent"
      ? "closes without a word"
      : takesNoQuestions(one!)
      ? `takes no more questions: ${reason}`
      : `not a logging server: ${reason}`;
    return [...before("?", "?"), who, "?", dim(what)];
  }
  const { pid, app, levels, bridged = {} } = status;
  const { root = "NOTSET", ...others } = levels;
  const own = Object.entries(others).map(([logger, level]) =>
    `${labelOf(logger, Object.hasOwn(bridged, logger) ? bridged[logger] : undefined)}=${
      coloredLevel(level)
    }`
  );
  if (own.length > MAX_LOGGERS) {
    own.splice(MAX_LOGGERS, Infinity, `… (${own.length - MAX_LOGGERS} more)`);
  }
  const thread = who + saysPort(status, port, via);
  return [...before(String(pid), app || "-"), thread, coloredLevel(root), own.join(" ") || "-"];
}

/** A remark if a thread tells another port: it is behind a tunnel, or pretends to be another thread. */
function saysPort({ port }: ThreadStatus, reachedBy: number, via: number | undefined): string {
  return via !== undefined || port === reachedBy ? "" : dim(` (says port ${port})`);
}

/** The last change and its sender, and the other changes that end by themselves. */
function changesOf({ changed, overrides }: ThreadStatus): Note[] {
  const isLast = ({ id, by }: Override) =>
    id === undefined ? by === changed?.by : id === changed?.id;
  const ends = overrides.filter(isLast).map(left);
  const last: Note[] = changed === null ? [] : [{
    key: `changed ${changed.id ?? `${changed.at} ${changed.by}`}`,
    text: [`changed ${clock(changed.at)}: ${senderText(changed)}`, ...ends].join(", "),
    isGood: true,
  }];
  const others = overrides.filter((one) => !isLast(one)).map((one): Note => ({
    key: `in force ${one.id ?? one.by}`,
    text: `in force: ${senderText(one)}, ${left(one)}`,
    isGood: true,
  }));
  return [...last, ...others];
}

/** Notes on orders that wait, and on what the levels show. */
function notesOf(status: ThreadStatus): (string | Note)[] {
  const { pending, file, opened = [] } = status;
  const waiting = pending === 0
    ? []
    : [`${pending} pending, applied at the next log call of the thread`];
  const shown = opened.map(({ logger, from, handlers, for: whom }) =>
    `${logger} shows ${from} and above${forText(whom)} through ${list(handlers, "handler")}`
  );
  const recorded = recorderText(status);
  return [
    ...waiting,
    ...fileNotes(file),
    ...shown,
    ...recorded === "" ? [] : [recorded],
    ...describeNotes(status),
  ];
}

/** The file that the process watches, and what is wrong with it. */
function fileNotes(file: WatchedFileStatus | undefined): (string | Note)[] {
  if (file === undefined) return [];
  const { path, at, error } = file;
  const taken = at === undefined ? "not taken yet" : `taken ${clock(at)}`;
  const watched = { key: `file ${path} ${at}`, text: `watches ${path}, ${taken}`, isGood: true };
  return [watched, ...error === undefined ? [] : [`not in force as it is now: ${error}`]];
}

function left({ until, maxLines, linesLeft }: Override): string {
  const time = formatDuration(Date.parse(until) - Date.now());
  return yellow(`${time}${linesText(maxLines, linesLeft)} left`);
}
