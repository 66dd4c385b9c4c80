import { Handler } from "../core/handlers/handler.ts";
import { defaultManager } from "../core/loggers/manager.ts";
import { watchedRecord } from "../core/loggers/watched_record.ts";
import type { RecordTap } from "../core/loggers/tree_context.ts";
import type { LogRecord } from "../core/records/log_record.ts";
import type { CapturedLogs } from "./captured_logs.ts";
import { capturedRecord } from "./captured_record.ts";

/** What a block captures. */
interface Capture {
  readonly logs: CapturedLogs;
  /** The records of this logger, and of those below. */
  readonly name: string;
  /** The lowest level number that is captured. */
  readonly level: number;
}

/**
 * Blocks that capture just now. They see records beside the handlers, as tails do: no logger's
 * level, handlers or propagation are touched, so that there is nothing to put back, whatever
 * order blocks end in.
 */
const captures = new Set<Capture>();

const TAP: RecordTap = {
  levelFor(name) {
    let lowest = Infinity;
    for (const one of captures) {
      if (one.level < lowest && isBelow(name, one.name)) lowest = one.level;
    }
    return lowest;
  },
  take(record, logger) {
    let captured: ReturnType<typeof capturedRecord> | undefined;
    for (const one of captures) {
      if (!takes(one, record)) continue;
      one.logs.add(captured ??= capturedRecord(watchedRecord(record, logger)));
    }
  },
};

/** Begins to capture; the returned function ends it. */
export function beginCapture(capture: Capture): () => void {
  captures.add(capture);
  if (captures.size === 1) quiet.begin();
  defaultManager.capture = TAP;
  return () => {
    if (!captures.delete(capture)) return;
    if (captures.size === 0) quiet.end();
    defaultManager.capture = captures.size === 0 ? undefined : TAP;
  };
}

function takes({ level, name }: Capture, record: LogRecord): boolean {
  return record.levelno >= level && isBelow(record.name, name);
}

/** Whether a logger is the captured one or below it; all loggers are below the root. */
function isBelow(name: string, above: string): boolean {
  return above === defaultManager.root.name || name === above || name.startsWith(`${above}.`);
}

/**
 * Takes the place of the last resort, which writes to stderr what no handler takes: captured
 * records count as taken.
 */
class QuietLastResort extends Handler {
  readonly #original: Handler;

  constructor(original: Handler) {
    super(original.level);
    this.#original = original;
    this.opens = original.opens;
  }

  emit(record: LogRecord): void {
    for (const one of captures) if (takes(one, record)) return;
    this.#original.handle(record);
  }

  /** The last resort in whose place it stands. */
  get original(): Handler {
    return this.#original;
  }
}

const quiet = {
  begin(): void {
    const { lastResort } = defaultManager;
    if (lastResort !== undefined) defaultManager.lastResort = new QuietLastResort(lastResort);
  },
  /** The program may have set another one meanwhile. */
  end(): void {
    const { lastResort } = defaultManager;
    if (lastResort instanceof QuietLastResort) defaultManager.lastResort = lastResort.original;
  },
};
