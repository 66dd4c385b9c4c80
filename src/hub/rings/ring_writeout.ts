import { nodeModule } from "../../core/runtime/node_modules.ts";
import { RING_BYTES } from "../../handlers/rings/ring_writer.ts";
import { PIECE_BYTES } from "../../core/io/write_piece.ts";
import { FULL, NEVER, PILED } from "../../core/shared/line_ring.ts";
import { exitSignals, type WrittenAtEnd } from "./exit_signals.ts";
import { HubChannel } from "../board/hub_channel.ts";
import { untilLockEnds } from "../board/locks.ts";
import { ListenerCounts } from "./listener_counts.ts";
import { RingReader } from "./ring_reader.ts";
import { StreamWriter } from "./stream_writer.ts";

/** Channel on which threads ask for their rings to be written out. */
export const RING_CHANNEL: HubChannel<RingRequest | FlushRequest> = new HubChannel(
  "logdial.rings.3",
);

/** A thread's ring, and what the hub has to know of the thread. */
export interface RingRequest {
  /** Unique for the ring, so that a repeated request is known as such. */
  readonly id: string;
  readonly stream: "stdout" | "stderr";
  readonly ring: SharedArrayBuffer;
  /** How many listeners the thread has for each of `EXIT_SIGNALS`. */
  readonly listeners: SharedArrayBuffer;
  /** Name of a lock that ends with the thread; undefined for main. */
  readonly lock: string | undefined;
}

/** Asks to be told when all that is in any ring has been written. */
export interface FlushRequest {
  /** A word that tells when it is done; see `answerOnce`. */
  readonly flush: SharedArrayBuffer;
}

interface Member {
  readonly request: RingRequest;
  readonly reader: RingReader;
  readonly counts: ListenerCounts;
  isWatched: boolean;
  /** How far the thread had filled its ring at the last look, and since when it has been there. */
  head: number;
  since: number;
}

/**
 * How long a thread whose end nobody would hear of keeps its ring without writing a line, in
 * milliseconds: if it lives on, it asks for the hub again.
 */
const IDLE_MS = 10_000;

/**
 * Writes out the rings of all threads of the process.
 *
 * A thread sends a `RingRequest` with its ring on the channel, again and again until its ring is
 * entered. `StreamWriter`, one for stdout and one for stderr, takes the ring from there: it
 * gathers lines for a while, writes them in pieces that a pipe takes whole, and sleeps when there
 * are none. What a thread puts in faster than that it has the thread write itself.
 * `flush` waits for all that is in the rings now; `leave` empties them and gives them back, as the
 * program ends. `ExitSignals` holds signals up until then.
 *
 * What may go wrong: a thread dies; its lock ends, and its ring is emptied and let go. The reader
 * of a pipe dies or stalls: then lines are dropped and that is told once, or the rings fill and
 * their threads wait. This hub dies: the threads see its pulse stand still and take their rings.
 */
export class RingWriteout implements WrittenAtEnd {
  /** Made with the first ring, since Deno takes 20 ms to find out where a stream leads. */
  readonly #streams = new Map<RingRequest["stream"], StreamWriter>();
  readonly #members = new Map<string, Member>();
  readonly #listeners: ListenerCounts;

  /** `listeners` are those of the thread that has started the hub. */
  constructor(listeners: SharedArrayBuffer) {
    this.#listeners = new ListenerCounts(listeners);
  }

  /** The listeners of all threads that have a ring. */
  *listeners(): Generator<ListenerCounts> {
    yield this.#listeners;
    for (const { counts } of this.#members.values()) yield counts;
  }

  /** Takes a ring on, unless the program is ending: then its lines would be lost. */
  attach(request: RingRequest): void {
    if (exitSignals.isEnding) return;
    let member = this.#members.get(request.id);
    if (member === undefined) {
      const counts = new ListenerCounts(request.listeners);
      const reader = new RingReader(request.ring), since = performance.now();
      member = { request, reader, counts, isWatched: false, head: reader.head, since };
      this.#members.set(request.id, member);
      this.#tellOnly();
      this.#listeners.want();
    }
    const writer = this.#writerFor(request.stream);
    // This comes before the ring is entered: from then on there may be lines in it.
    exitSignals.watch(this);
    writer.add(member.reader);
  }

  /** Shows all threads that the hub lives, and looks which of them do. */
  beat(): void {
    const writers = [...this.#streams.values()];
    for (const writer of writers) writer.beat();
    if (writers.every(({ isEmpty }) => isEmpty)) exitSignals.unwatch(this);
    for (const member of this.#members.values()) {
      const { lock } = member.request;
      if (member.isWatched || (lock === undefined ? !isIdle(member) : !member.reader.hasLock)) {
        continue;
      }
      member.isWatched = true;
      void (lock === undefined ? this.#letGo(member) : this.#untilEnd(member, lock));
    }
  }

  /** Resolves when all that is in the rings now has been written. */
  async flush(): Promise<void> {
    await Promise.all(this.#streams.values().map((writer) => writer.flush()));
  }

  /** Resolves when all is written and every thread writes directly again. */
  async leave(): Promise<void> {
    await Promise.all(this.#streams.values().map((writer) => writer.leave()));
  }

  #writerFor(stream: RingRequest["stream"]): StreamWriter {
    const known = this.#streams.get(stream);
    if (known !== undefined) return known;
    const { pieceBytes, own } = waysTo(stream === "stdout" ? 1 : 2);
    const writer = new StreamWriter(stream, pieceBytes, own);
    this.#streams.set(stream, writer);
    return writer;
  }

  /** Tells each ring whether it is the only one; called when rings come and go. */
  #tellOnly(): void {
    for (const { reader } of this.#members.values()) reader.tellOnly(this.#members.size === 1);
  }

  /** Lets go of the memory of a thread that has ended. */
  async #untilEnd(member: Member, lock: string): Promise<void> {
    await untilLockEnds(lock);
    member.reader.inherit();
    await this.#letGo(member);
  }

  /** Lets go of a ring, once it is empty. */
  async #letGo({ request, reader }: Member): Promise<void> {
    await this.#writerFor(request.stream).leave(reader);
    this.#members.delete(request.id);
    this.#tellOnly();
    // V8 does not count shared memory, and would free the ring far too late. It does count an
    // ordinary buffer of that size, for which the system needs no memory, since nobody writes it.
    void new ArrayBuffer(request.ring.byteLength);
  }
}

/** Whether a ring may be that of a thread that has ended; main's never is, and says that it is held. */
function isIdle(member: Member): boolean {
  const { reader } = member, { head } = reader, now = performance.now();
  if (reader.hasLock) return false;
  if (head === member.head) return now - member.since >= IDLE_MS;
  member.head = head;
  member.since = now;
  return false;
}

/** How long pieces for a descriptor may be, and when threads may write there themselves. */
function waysTo(descriptor: 1 | 2): { readonly pieceBytes: number; readonly own: number } {
  try {
    const stat = nodeModule("node:fs").fstatSync(descriptor);
    const isTerminal = (descriptor === 1 ? Deno.stdout : Deno.stderr).isTerminal();
    const isNull = stat.isCharacterDevice() && !isTerminal;
    // A file takes a piece whole unless the disk is full. So a piece may be all that a ring holds:
    // then long lines go at once, beside threads that write by themselves.
    if (stat.isFile() || isNull) return { pieceBytes: RING_BYTES, own: PILED };
    // Other systems' pipes take less as a whole, and threads would tear each other's lines.
    const isWhole = stat.isFIFO() && Deno.build.os === "linux";
    return { pieceBytes: PIECE_BYTES, own: isWhole ? FULL : NEVER };
  } catch {
    // The descriptor is closed: whatever is written will fail, and be told of.
    return { pieceBytes: PIECE_BYTES, own: NEVER };
  }
}
