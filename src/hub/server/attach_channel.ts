import type { AttachOptions } from "../board/attach_options.ts";
import type { BoardBuffers } from "../board/board.ts";
import { HubChannel } from "../board/hub_channel.ts";
import type { LiveLink } from "../board/live_link.ts";
import type { LogEntry } from "../board/orders.ts";
import type { RecordedThread } from "../board/recorder_info.ts";
import type { FileToWatch, UnwatchOrder, WatchOrder } from "../board/watch_order.ts";
import type { Dumped } from "../dump/dumped_records.ts";
import type { DumpTo } from "../dump/dump_files.ts";
import type { Recorded, Recordings } from "../dump/recordings.ts";
import type { TakenBack } from "../board/taken_back.ts";

/** Channel on which threads ask the hub to serve them, and a hub that stands by hears of them. */
export const ATTACH_CHANNEL: HubChannel<AttachMessage> = new HubChannel("logdial.attach.2");

/** What is said on the {@linkcode ATTACH_CHANNEL}. */
export type AttachMessage =
  | AttachRequest
  | LeaveRequest
  | RecordRequest
  | RosterRequest
  | DumpOrder
  | WatchOrder
  | UnwatchOrder
  | TakenBackNote
  | DumpedNote
  | Roster;

/** What a thread tells of itself when it attaches. */
export interface AttachRequest {
  /** Unique for the thread, so that a repeated request is known as such. */
  readonly id: string;
  /** The same whenever the thread listens. */
  readonly threadId: string;
  /** Name for messages. */
  readonly name: string;
  /** Its board. */
  readonly buffers: BoardBuffers;
  /** What it wants. */
  readonly options: AttachOptions;
  /** What breaks its connections when the thread ends; undefined where that cannot be had. */
  readonly link: LiveLink | undefined;
  /** The changes that it has in force, oldest first. */
  readonly entries: readonly LogEntry[];
  /** What a watched file has said that it has in force. */
  readonly file: LogEntry | undefined;
  /** The file that it wants to be watched. */
  readonly watched: FileToWatch | undefined;
  /** Ids of the changes that it has had, whatever became of them. */
  readonly seen: readonly string[];
  /** Whether another hub has served it before. */
  readonly isAgain: boolean;
  /** Where its records are kept; undefined if they are not. */
  readonly recorded: RecordedThread | undefined;
  /** Where to write records when something goes wrong; undefined for nowhere. */
  readonly dumpTo: DumpTo | undefined;
}

/** What a thread says when it begins to keep its records, moves them to other rings, or stops. */
export interface RecordRequest {
  /** The `id` with which it attached. */
  readonly record: string;
  readonly recorded: RecordedThread | undefined;
  /** A word by which the hub tells that it has heard; see `noteHeard`. */
  readonly word?: SharedArrayBuffer;
}

/** Asks the hub to write a dump. */
export interface DumpOrder {
  /** Why the dump is written, for people; undefined to hear only when all dumps are written. */
  readonly dump: string | undefined;
  /** The only thread whose records are written, by the `id` with which it attached; else all. */
  readonly of?: string;
  /** The number of the last record that is written, for a dump before an error; else all are. */
  readonly upTo?: number;
  /** A word by which the hub tells that it is done; see `answerOnce`. */
  readonly word?: SharedArrayBuffer;
}

/** What a thread says when it stops listening, and what the hub says when a thread has ended. */
export interface LeaveRequest {
  /** The `id` with which it attached. */
  readonly leave: string;
}

/** What a hub asks that stands by: which threads there are. */
export interface RosterRequest {
  readonly wanted: "roster";
}

/** What the hub answers: the boards of all threads by the `id` with which they attached. */
export interface Roster {
  readonly roster: readonly (readonly [id: string, buffers: BoardBuffers])[];
  /** What is kept of their records, and of threads that have ended. */
  readonly recordings: readonly Recorded[];
  /** The changes that were taken back, the oldest first. */
  readonly takenBack: readonly TakenBack[];
  /** The records that files have. */
  readonly dumped: readonly Dumped[];
}

/** Tells of a change taken back, so that the next hub knows: threads may bring it again. */
export interface TakenBackNote {
  readonly takenBack: TakenBack;
}

/** Tells of records in a file, so that the next hub does not write them again. */
export interface DumpedNote {
  readonly dumped: Dumped;
}

/** What a thread says of its recorder. */
export function noteRecorded(recordings: Recordings, { record, recorded }: RecordRequest): void {
  if (recorded === undefined) recordings.forget(record);
  else recordings.take(recorded);
}
