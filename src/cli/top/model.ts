import type { SenderOptions } from "../../client/send_options.ts";
import type { Targets } from "../../client/targets.ts";
import type { LoggerList } from "../../wire/logger_info.ts";
import type { ThreadStatus } from "../../wire/message.ts";

/** What is on a port, or follows the thread there. */
export interface SeenThread {
  /** Tells it from all others, as long as it is there. */
  readonly key: string;
  /** Where it is reached. */
  readonly port: number;
  /** Whether it has no port of its own, and follows the thread there. */
  readonly isFollower: boolean;
  /** What a thread of ours has told. */
  readonly status?: ThreadStatus;
  /** What is wrong with something else. */
  readonly problem?: string;
  /** When it was asked, by the clock of `performance`. */
  readonly askedAt: number;
}

/** The loggers of a thread, as far as it has told them. */
export interface SeenLoggers {
  readonly list?: LoggerList;
  /** Why it does not. */
  readonly problem?: string;
}

/** A row that can be chosen: a thread, or a logger of it. */
export interface Choice {
  /** Key of the thread. */
  readonly thread: string;
  /** Undefined for the thread itself, which stands for its root logger. */
  readonly logger?: string;
}

/** What is said of the last thing that was done. */
export interface Message {
  readonly text: string;
  readonly tone: "quiet" | "good" | "waiting" | "bad";
}

/** A line of a tail, as much of it as can be shown. */
export interface TailedLine {
  /** Undefined for what is said about the tail itself. */
  readonly record?: {
    /** ISO time. */
    readonly time: string;
    readonly level: string;
    readonly logger: string;
    readonly thread: string;
  };
  readonly text: string;
}

/** Records of running threads that are shown below. */
export interface ShownTail {
  /** What is followed, for people. */
  readonly title: string;
  /** What is followed, so that it can be told from something else. */
  readonly id: string;
  /** The last lines, the oldest first. */
  readonly lines: TailedLine[];
  /** Why there will be no more. */
  end?: string;
}

/** A change on its way to threads that compute. */
export interface AwaitedChange {
  /** Keys of the threads that have not yet said what became of it. */
  readonly threads: Set<string>;
  /** Since when, by the clock of `performance`. */
  readonly since: number;
  /** What was done, for people. */
  readonly what: string;
  /** The logger and the level that it has then, where that can be seen. */
  readonly wanted?: readonly [logger: string, level: string];
  /** What stays true of others: who has refused it, or was not sent it. */
  readonly refused?: string;
  /** How many have it. */
  done: number;
  /** How many have not. */
  failed: number;
}

/** What is fixed by the command line. */
export interface TopSetup {
  /** Whom it is about. */
  readonly targets: Targets;
  /** The targets as words of a command. */
  readonly words: readonly string[];
  /** Who changes something, and why. */
  readonly sender: Pick<SenderOptions, "by" | "reason">;
  /** After how long a level is taken back. */
  readonly time: string;
  /** After how many lines, if that is earlier. */
  readonly lines: number | undefined;
  /** Where is looked, for people. */
  readonly place: string;
}

/** All that the screen shows. */
export interface TopModel {
  readonly setup: TopSetup;
  /** In the order of their ports. */
  threads: readonly SeenThread[];
  /** Whether all ports have been asked once. */
  hasLooked: boolean;
  /** Why nobody can be asked. */
  problem: string | undefined;
  readonly loggers: Map<string, SeenLoggers>;
  /** Threads whose loggers are shown. */
  readonly opened: Set<string>;
  chosen: Choice | undefined;
  /** Where it stood in the list when it was last seen. */
  index: number;
  /** First row of the list that is seen. */
  offset: number;
  /** How many rows of the list are seen. */
  page: number;
  filter: string;
  mode: "list" | "filter" | "help";
  /** Whether the next key is for all threads that are shown. */
  isForAll: boolean;
  message: Message | undefined;
  /** The last thing that was done, as a command. */
  command: string;
  readonly awaited: Set<AwaitedChange>;
  tail: ShownTail | undefined;
}

/** What there is before anybody has been asked. */
export function emptyModel(setup: TopSetup): TopModel {
  return {
    setup,
    threads: [],
    hasLooked: false,
    problem: undefined,
    loggers: new Map(),
    opened: new Set(),
    chosen: undefined,
    index: 0,
    offset: 0,
    page: 1,
    filter: "",
    mode: "list",
    isForAll: false,
    message: undefined,
    command: "",
    awaited: new Set(),
    tail: undefined,
  };
}
