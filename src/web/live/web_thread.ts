import type { LoggerInfo } from "../../wire/logger_info.ts";
import type { ThreadStatus } from "../../wire/message.ts";

/** What the page shows of a thread, or of something else that answers on a port. */
export interface WebThread {
  /** Its key, which is the same as long as it is the same thread. */
  readonly key: string;
  /** Port by which it is reached: another thread's, if it has none of its own. */
  readonly port: number;
  /** Whether it is reached by another one's port. */
  readonly follows: boolean;
  /**
   * `silent`: it closes without a word, as CPython's; `busy`: it takes no more questions now;
   * `foreign`: it is something else.
   */
  readonly kind: "logdial" | "silent" | "busy" | "foreign";
  /** Why it takes no more questions, or how something foreign showed. */
  readonly reason?: string;
  /** Its last status, without numbers that change all the time. */
  readonly status?: Omit<ThreadStatus, "followers" | "written">;
  /** Its loggers; none as long as it has not told them. */
  readonly loggers?: readonly Omit<LoggerInfo, "written">[];
  /** How many loggers there are beside these. */
  readonly more?: number;
  /** Whether it does not answer, since it computes without a log call. */
  readonly computes?: true;
}

/** An event that the page is told. */
export interface LiveEvent {
  /** The state of ports that have changed; of all ports, when a page opens. */
  readonly ports: readonly PortState[];
  /** The rates of threads that have changed. */
  readonly rates: readonly ThreadRates[];
  /** When it was told, in milliseconds since the epoch. */
  readonly at: number;
}

/** The threads on a port. */
export interface PortState {
  readonly port: number;
  readonly threads: readonly WebThread[];
}

/** What the page is told first. */
export interface Welcome {
  /** Where threads are looked for, for people. */
  readonly place: string;
  /** Whether nothing can be changed by this server. */
  readonly readOnly: boolean;
}

/** Records a second by level; levels without any are left out. */
export type Rates = Readonly<Record<string, number>>;

/** The rates of a thread. */
export interface ThreadRates {
  /** Key of the thread. */
  readonly key: string;
  /** Rates since the question before. */
  readonly now: Rates;
  /** Rates of each logger that has written something, over some seconds. */
  readonly loggers: Readonly<Record<string, Rates>>;
}
