import type { Recording } from "../../core/loggers/recording.ts";

/** The rings of a thread's recorder, as they travel between threads. */
export interface RecorderRings {
  /** What is below ERROR. */
  readonly lower: SharedArrayBuffer;
  /** ERROR and above, so that no flood takes their place. */
  readonly errors: SharedArrayBuffer;
}

/** What a hub has to know of a thread whose records are kept. */
export interface RecordedThread {
  /** The `id` with which it attaches. */
  readonly id: string;
  /** Name for messages. */
  readonly name: string;
  /** Name of its program. */
  readonly app: string;
  /** Key that whoever reads them has to have. */
  readonly key: string | undefined;
  /** Whether the program's own function looks at payloads first. */
  readonly verifies: boolean;
  readonly rings: RecorderRings;
}

/** What a program asks of its recorder as it begins to listen. */
export interface OwnRecording {
  readonly recording: Recording | undefined;
  /** Where the hub writes the records when the program ends by a fault. */
  readonly dumpTo: string | undefined;
  /** Whether it writes them there before a record of ERROR and above as well. */
  readonly dumpOnError: boolean;
}
