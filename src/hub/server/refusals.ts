import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { addressOf } from "../board/sender_address.ts";

/** How long a source that was turned away is not told of again, in milliseconds. */
const QUIET_MS = 60_000;
/** Most sources that are told apart; one process has that many addresses only in an attack. */
const MOST_SOURCES = 1000;

/** Someone who was turned away. */
interface Source {
  /** How often it was turned away within the minute. */
  count: number;
  /** Why it was the last time. */
  reason: string;
  /** Who it said it was the last time. */
  by: string;
  /** What it asked for the last time. */
  what: string;
}

/** Hears why somebody was turned away, who, and what for. */
export type Tell = (reason: string, by: string, what: string) => void;

/**
 * Tells of those who were turned away: of each source once in a minute, since whoever is turned
 * away may try again as often as he likes. How often he did is told when the minute is over.
 */
export class Refusals {
  /** Those told of within the last minute. */
  readonly #sources = new Map<string, Source>();
  readonly #tell: Tell;

  /** `tell` hears what is to be told. */
  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /**
   * Notes that `by` was turned away: `address:port`, or a text with that in brackets behind it.
   * `what` is the command that it sent.
   */
  note(reason: string, by: string, what = "change"): void {
    const address = addressOf(by);
    // Sources beyond the most that are told apart count as one.
    const name = this.#sources.has(address) || this.#sources.size < MOST_SOURCES ? address : "";
    const source = this.#sources.get(name) ?? this.#begin(name);
    source.count++;
    source.reason = reason;
    source.by = by;
    source.what = what;
    if (source.count === 1) this.#tell(reason, by, what);
  }

  #begin(name: string): Source {
    const source = { count: 0, reason: "", by: "", what: "" };
    this.#sources.set(name, source);
    const timer = setTimeout(() => this.#end(name, source), QUIET_MS);
    // Where the program's own thread serves itself, the timer must not keep the program alive.
    Deno.unrefTimer(timer);
    return source;
  }

  /** Ends a minute; tells how often the source has come in it, and if it has, begins the next one. */
  #end(name: string, { count, reason, by, what }: Source): void {
    this.#sources.delete(name);
    const left = count - 1;
    if (left > 0) this.note(`${reason} (the last of ${left} more within a minute)`, by, what);
  }
}

/** Tells on stderr who was turned away at any port of the process. */
const onStderr = new Refusals((text) => queueDiagnostic(`${text}\n`));

/** What senders ask for, in words; all else goes by the name of its command. */
const NOUNS: Readonly<Record<string, string>> = {
  change: "a configuration",
  rollback: "a rollback",
  reset: "a reset",
};

/** Tells on stderr that something was refused: CPython's senders never read the answer. */
export function reportRefusal(port: number, by: string, reason: string, what = "change"): void {
  const noun = NOUNS[what] ?? `the command "${what}"`;
  onStderr.note(`logdial: refused ${noun} for port ${port} from ${by}: ${reason}`, by);
}
