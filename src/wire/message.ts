import { ConfigError } from "../core/errors/config_error.ts";
import { isError, thrownText } from "../core/values/thrown.ts";
import {
  type Opened,
  readOpened,
  readSilent,
  readUnknown,
  type Silent,
  type UnknownLogger,
} from "./logger_notes.ts";
import { MAX_ERROR, MAX_MESSAGE, MAX_NAME } from "./told_texts.ts";
import { readThreadRecords, type ThreadRecords } from "./written.ts";
import {
  anything,
  count,
  defaulted,
  fields,
  isoTime,
  list,
  nullable,
  oneOf,
  optional,
  type Read,
  type Shape,
  ShapeError,
  table,
  text,
} from "./shape.ts";

/** Version of the messages; each message has it, so that a foreign service is not taken for ours. */
export const PROTOCOL = 1;

/** The abilities of this version's listeners that older ones do not have. */
export const CAN: readonly string[] = ["lines", "scope", "rates", "apps"];

/** What became of a change on one thread. */
export type ChangeStatus = "applied" | "pending" | "rejected";

/** Level names by logger name; loggers without a level of their own are left out. */
export type Levels = Readonly<Record<string, string>>;

/** Who a thread is. */
export interface ThreadIdentity {
  /** Version of the messages. */
  readonly logdial: 1;
  /** `MainProcess`, or the worker's name. */
  readonly name: string;
  /** Process id. */
  readonly pid: number;
  /** Where it listens. */
  readonly port: number;
}

/** Who asked for something. But for the address, these are the sender's own words, which may be false. */
export interface Sender {
  /** The address of the sender, together with what follows, in one text. */
  readonly by: string;
  /** What the sender calls it, such as `set root=DEBUG`. */
  readonly label?: string;
  /** The user, such as `kim@laptop`. */
  readonly user?: string;
  /** Why the sender wants it. */
  readonly reason?: string;
  /** Id of a change: the same in all threads to which one command has sent it. */
  readonly id?: string;
}

/** A change that a thread took, with who sent it and when. */
export interface LastChange extends Sender {
  /** ISO time. */
  readonly at: string;
}

/** A change that will be taken back. */
export interface Override extends LastChange {
  /** ISO time of its end. */
  readonly until: string;
  /** How many lines the process may log only thanks to the change. */
  readonly maxLines?: number;
  /** How many of these lines are left. */
  readonly linesLeft?: number;
}

/** What else a change has brought about; a list is left out if there is nothing to tell. */
export interface ChangeNotes {
  /** Loggers whose records its levels show in spite of handlers' levels. */
  readonly opened?: readonly Opened[];
  /** Loggers that show nothing at the level that it gives them, and why. */
  readonly silent?: readonly Silent[];
  /** Loggers that did not exist before. */
  readonly unknown?: readonly UnknownLogger[];
  /** Loggers that it has disabled. */
  readonly disabled?: readonly string[];
  /** Handlers and filters that are in use no more, for people. */
  readonly dropped?: readonly string[];
  /** Loggers whose lines another library writes, with its name. */
  readonly bridged?: Readonly<Record<string, string>>;
  /** The changes that a rollback or reset has taken back, oldest first. */
  readonly takenBack?: readonly LastChange[];
  /** What is recorded after it; undefined if nothing is. */
  readonly recorder?: RecorderStatus;
}

/** What a thread keeps in memory, for `dump`. */
export interface RecorderStatus {
  /** Names of the lowest levels by logger, `off` for those that are left out. */
  readonly levels: Levels;
  /** Bytes for records below ERROR. */
  readonly bytes: number;
}

/** The answer to a probe. */
export interface ThreadStatus
  extends
    ThreadIdentity,
    Pick<ChangeNotes, "opened" | "silent" | "disabled" | "recorder" | "bridged"> {
  /** Name of the program, empty if unknown. */
  readonly app: string;
  /** The random text that signatures have to name; another one with every start of a listener. */
  readonly instance?: string;
  /** Number of the last request that the thread has answered: a change or a question. */
  readonly generation: number;
  /** Own levels, the root's included. */
  readonly levels: Levels;
  /** The last change that it took. */
  readonly changed: LastChange | null;
  /** Changes that wait for the thread's next log call. */
  readonly pending: number;
  /** Changes that will be taken back, oldest first. */
  readonly overrides: readonly Override[];
  /** Records that it has written; undefined from listeners that count none (`can` has no `rates`). */
  readonly written?: ThreadRecords;
  /** Changes that can be taken back, oldest first; undefined from listeners before 0.2. */
  readonly changes?: readonly KnownChange[];
  /** The file that the process watches. */
  readonly file?: WatchedFileStatus;
  /** Its abilities beyond those of all listeners, such as `scope`. */
  readonly can?: readonly string[];
  /** Threads of the process that have no port of their own and follow this one's. */
  readonly followers?: readonly ThreadStatus[];
}

/** A file that the threads of a process begin with, and follow. */
export interface WatchedFileStatus {
  /** Where it is. */
  readonly path: string;
  /** ISO time at which it was last put in force; undefined if it has not been yet. */
  readonly at?: string;
  /** Why the file as it is now is not in force, with the line. */
  readonly error?: string;
}

/** A change that can be taken back, as it is known in all processes to which it was sent. */
export interface KnownChange {
  /** Id: the same in all processes to which one command has sent it. */
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  /** Who sent it. */
  readonly by: string;
}

/** Why a change was rejected. */
export interface ChangeError {
  /** What is wrong, for people. */
  readonly message: string;
  /** Section of the `.conf`. */
  readonly section?: string;
  /** Key in the section. */
  readonly key?: string;
  /** 1-based line of the text. */
  readonly line?: number;
}

/** The answer to a frame. */
export interface Ack extends ThreadIdentity, ChangeNotes {
  readonly status: ChangeStatus;
  readonly generation: number;
  /** Own levels before and after; only when it was carried out. */
  readonly previous?: Levels;
  readonly levels?: Levels;
  readonly error?: ChangeError;
  /** ISO time at which the change is taken back. */
  readonly until?: string;
  /** The listener's `maxOverride` in milliseconds, where it takes the change back earlier than asked. */
  readonly cappedAt?: number;
  /** How many lines the process may log only thanks to it, until it is taken back. */
  readonly maxLines?: number;
  /** What was asked for, for commands that ask. */
  readonly result?: unknown;
  /** Whether there was nothing to do here. */
  readonly unchanged?: boolean;
  /** False if the thread itself is not meant, but perhaps threads that follow it. */
  readonly meant?: false;
  /** Answers of the threads that have no port of their own. */
  readonly followers?: readonly Ack[];
}

/** The answer to `check`: what a configuration would change. */
export interface Preview {
  /** Own levels after it. */
  readonly levels: Levels;
  /** Levels for some log calls only that it would set, for people; left out if there are none. */
  readonly scopes?: readonly string[];
  /** Loggers that it would disable. */
  readonly disabled: readonly string[];
  /** Handlers whose level it would change, or that it would add; left out if there are none. */
  readonly handlers?: readonly {
    readonly name: string;
    readonly previous?: string;
    readonly level: string;
  }[];
  /** Handlers and filters that would be in use no more, for people; left out if there are none. */
  readonly dropped?: readonly string[];
}

/** An error in the form that travels. */
export function toChangeError(error: unknown): ChangeError {
  if (isError(error) && error instanceof ConfigError) {
    const { section, key, line } = error;
    return {
      message: shorten(error.message),
      section: section === undefined ? undefined : shorten(section),
      key: key === undefined ? undefined : shorten(key),
      line,
    };
  }
  return { message: shorten(thrownText(error)) };
}

function shorten(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/** A message as one line. */
export function encodeMessage(message: Ack | ThreadStatus): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(message)}\n`);
}

const IDENTITY = {
  logdial: oneOf<1>(PROTOCOL),
  name: text(MAX_NAME),
  pid: count(0xffff_ffff),
  port: count(65_535),
};

const LEVEL_TABLE = table(text(MAX_NAME));

/** Levels in the order of their loggers' names: threads make these in whatever order. */
const LEVELS: Read<Levels> = (value, field) => {
  const levels = LEVEL_TABLE(value, field);
  return Object.fromEntries(inOrder(Object.keys(levels)).map((name) => [name, levels[name]!]));
};

/** The fields of a change, as they are read. */
export const CHANGED: Shape<LastChange> = {
  at: isoTime,
  by: text(MAX_NAME),
  label: optional(text(MAX_NAME)),
  user: optional(text(MAX_NAME)),
  reason: optional(text(MAX_NAME)),
  id: optional(text(MAX_NAME)),
};

const NAMES = list(text(MAX_NAME));

const NOTES: Shape<ChangeNotes> = {
  opened: optional(list(readOpened)),
  silent: optional(list(readSilent)),
  unknown: optional(list(readUnknown)),
  disabled: optional(NAMES),
  dropped: optional(NAMES),
  bridged: optional(LEVELS),
  recorder: optional(fields<RecorderStatus>({ levels: LEVELS, bytes: count() })),
  takenBack: optional(list(fields<LastChange>(CHANGED))),
};

/** A message without `followers`: threads that follow have no followers. */
type Single<T> = Omit<T, "followers">;

const STATUS: Shape<Single<ThreadStatus>> = {
  ...IDENTITY,
  app: defaulted(text(MAX_NAME), ""),
  instance: optional(text(100)),
  generation: defaulted(count(), 0),
  levels: LEVELS,
  changed: defaulted(nullable(fields<LastChange>(CHANGED)), null),
  pending: defaulted(count(), 0),
  overrides: defaulted(
    list(fields<Override>({
      ...CHANGED,
      until: isoTime,
      maxLines: optional(count()),
      linesLeft: optional(count()),
    })),
    [],
  ),
  changes: optional(
    list(fields<KnownChange>({ at: isoTime, by: text(MAX_NAME), id: text(MAX_NAME) })),
  ),
  file: optional(fields<WatchedFileStatus>({
    path: text(MAX_NAME),
    at: optional(isoTime),
    error: optional(text(MAX_NAME)),
  })),
  can: optional(NAMES),
  written: optional(readThreadRecords),
  opened: NOTES.opened,
  silent: NOTES.silent,
  disabled: NOTES.disabled,
  recorder: NOTES.recorder,
  bridged: NOTES.bridged,
};

const readStatusFields = fields<ThreadStatus>({
  ...STATUS,
  followers: optional(list(fields<Single<ThreadStatus>>(STATUS))),
});

const ACK: Shape<Single<Ack>> = {
  ...IDENTITY,
  ...NOTES,
  status: oneOf<ChangeStatus>("applied", "pending", "rejected"),
  generation: count(),
  previous: optional(LEVELS),
  levels: optional(LEVELS),
  error: optional(fields<ChangeError>({
    message: text(MAX_ERROR),
    section: optional(text(MAX_ERROR)),
    key: optional(text(MAX_ERROR)),
    line: optional(count()),
  })),
  until: optional(isoTime),
  cappedAt: optional(count()),
  maxLines: optional(count()),
  result: optional(anything),
  unchanged: optional(oneOf(true, false)),
  meant: optional(oneOf<false>(false)),
};

const readAckFields = fields<Ack>({
  ...ACK,
  followers: optional(list(fields<Single<Ack>>(ACK))),
});

/** The ack in a line from a listener; undefined if it is something else. */
export function parseAck(line: string): Ack | undefined {
  return unlessMalformed(() => readAck(line));
}

/** The status in a line from a listener; undefined if it is something else. */
export function parseStatus(line: string): ThreadStatus | undefined {
  return unlessMalformed(() => readStatus(line));
}

/**
 * As {@linkcode parseAck}, but it tells what is wrong.
 *
 * @throws {ShapeError} The line claims to be from a listener of ours, but a field makes no sense.
 */
export function readAck(line: string): Ack | undefined {
  return parseAs(readAckFields, line);
}

/**
 * As {@linkcode parseStatus}, but it tells what is wrong.
 *
 * @throws {ShapeError} The line claims to be from a listener of ours, but a field makes no sense.
 */
export function readStatus(line: string): ThreadStatus | undefined {
  return parseAs(readStatusFields, line);
}

/** The loggers whose own level differs, as `root INFO → DEBUG`. */
export function changedLevels(previous: Levels, levels: Levels): string[] {
  const names = new Set([...Object.keys(previous), ...Object.keys(levels)]);
  const changed = [...names].filter((name) => levelIn(previous, name) !== levelIn(levels, name));
  return inOrder(changed).map((name) =>
    `${name} ${levelIn(previous, name)} → ${levelIn(levels, name)}`
  );
}

/** Names of loggers in their order, the root first, so that equal threads tell the same. */
function inOrder(names: string[]): string[] {
  const rank = (name: string) => name === "root" ? 0 : 1;
  return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Own level of a logger, whose name may be that of a method of all objects, such as `constructor`. */
export function levelIn(levels: Levels, name: string): string {
  return Object.hasOwn(levels, name) ? levels[name]! : "NOTSET";
}

function unlessMalformed<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

function parseAs<T>(read: Read<T>, line: string): T | undefined {
  const value = parseJson(line);
  const isOurs = typeof value === "object" && value !== null && "logdial" in value;
  return isOurs ? read(value, "") : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A foreign service may say anything.
    return undefined;
  }
}
