import type { ReversibleChanges } from "../../config/apply/reversible_changes.ts";
import type { Registry } from "../../config/build/registry.ts";
import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { applyWaiting } from "../../core/loggers/log_call.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { SIGNAL } from "../../core/levels/signal.ts";
import { pause } from "../../core/runtime/pause.ts";
import { currentThread, numberThread } from "../../core/runtime/thread.ts";
import { BEGUN, Board, LEFT, REFUSED, SERVED } from "../board/board.ts";
import { type LiveLink, openLiveLink } from "../board/live_link.ts";
import {
  ATTACH_CHANNEL,
  type AttachMessage,
  type AttachRequest,
} from "../server/attach_channel.ts";
import { withToldMsLeft } from "../server/ms_left.ts";
import { countOnDemand } from "../rings/signal_listeners.ts";
import { dumpAtEnd } from "./dump_at_end.ts";
import { waitForHub, waitWhile } from "./wait_for_hub.ts";
import { UnheardOrders } from "../board/order_word.ts";
import { uniqueId } from "../board/unique_id.ts";
import { hasLocks, holdShared } from "../board/locks.ts";
import { SEARCH_LOCK } from "../board/lock_names.ts";
import { OwnHub } from "../life/own_hub.ts";
import { type HubStart, startedHubs, startHub, threadId } from "../life/start_hub.ts";
import { NextHub } from "../life/next_hub.ts";
import { HubSilence } from "./hub_silence.ts";
import { Recorder } from "./recorder.ts";
import { Watchers } from "./watchers.ts";
import type { OwnRecording, RecordedThread } from "../board/recorder_info.ts";
import { Inbox } from "./inbox.ts";
import type { LogEntry } from "../board/orders.ts";
import { readRefusal } from "../board/attach_refusal.ts";
import { type AttachOptions, isGuarded, LOOPBACK } from "../board/attach_options.ts";
import { requireListenPermission } from "./listen_permission.ts";
import { rehearseWhenIdle } from "./rehearse_when_idle.ts";
import { verifiedText, type Verify } from "../board/payload_text.ts";
import type { FileToWatch } from "../board/watch_order.ts";

/** How often a thread that logs on asks again for a hub, in seconds. */
const ASK_AGAIN_S = 0.05;
/**
 * How long an idle thread that is woken lets the hub wake the others, in milliseconds: it
 * often takes the hub's processor, and they would sleep until it is done.
 */
const OTHERS_MS = 0.1;
/** How long an idle thread waits before it logs a change, so that others can apply it, in milliseconds. */
const NOTE_DELAY_MS = 50;

/** What a thread asks for; without an address it listens on this machine's own. */
export type AskedOptions = Omit<AttachOptions, "hostname"> & { readonly hostname?: string };

/**
 * Thread side of listening: the board, and the link that tells each side of the other's end.
 *
 * 1. `open` posts the request to the hub's channel until a hub serves the board, and starts a hub
 *    if none answers (`NextHub`). It blocks meanwhile: a worker loses the messages that arrive
 *    while its module awaits something, so the shared logger module must not await.
 * 2. While it listens, the manager calls the inbox at the first log call after the signal has been
 *    turned; while the thread is idle, `#takeWhenIdle` waits for the signal.
 * 3. `close` tells the hub to free the port, waits for that, and ends the overrides.
 *
 * What may go wrong: the hub ends. A hub that stands by calls the threads back by their signals.
 * Where none does, an idle thread sees its link break, and one that logs sees the heartbeat stand
 * still. Either way the thread offers the same board to the next hub, with the changes in force.
 * Where no hub can run, the thread serves itself, while it is idle.
 */
export class Attachment {
  readonly #board: Board;
  readonly #inbox: Inbox;
  readonly #changes: ReversibleChanges<LogEntry>;
  readonly #manager: Manager;
  readonly #asked: AskedOptions;
  #options: AttachOptions;
  readonly #id = uniqueId();
  readonly #own: OwnRecording;
  readonly #recorder: Recorder;
  readonly #watchers: Watchers;
  /** Undoes `dumpAtEnd`, so that no dump is written when the program ends. */
  #leaveEnd = () => {};
  #link: Deno.TcpListener | undefined;
  /** The hub's connection to the link. */
  #hubEnd: Deno.TcpConn | undefined;
  #ownHub: OwnHub | undefined;
  #ownThreadReason: string | undefined;
  #closed = false;
  #watched: FileToWatch | undefined;
  /** Whether a hub has served it already. */
  #isAgain = false;
  readonly #silence: HubSilence;
  readonly #unheard = new UnheardOrders();
  /** The search for another hub, if there is one. */
  #search: NextHub | undefined;

  /** Prepares to listen; nothing is claimed before {@linkcode Attachment.open}. */
  constructor(
    manager: Manager,
    registry: Registry,
    changes: ReversibleChanges<LogEntry>,
    options: AskedOptions,
    own: OwnRecording,
    verify: Verify = (payload) => payload,
  ) {
    this.#manager = manager;
    this.#changes = changes;
    this.#asked = options;
    this.#options = { ...options, hostname: options.hostname ?? LOOPBACK[0] };
    changes.policy = { isGuarded: isGuarded(options), wireHandlers: options.wireHandlers };
    this.#board = new Board(SIGNAL.buffer as SharedArrayBuffer, manager.counts);
    this.#silence = new HubSilence(this.#board);
    this.#own = own;
    const onError = (upTo: number) =>
      this.#tell((word) => ({ dump: "error", of: this.#id, upTo, word }));
    this.#recorder = new Recorder(
      manager,
      own.recording,
      () => this.#tellRecorded(),
      own.dumpOnError ? onError : undefined,
    );
    this.#watchers = new Watchers(manager, this.#recorder);
    const verified = (payload: string) => verifiedText(payload, verify, options.maxBytes);
    this.#inbox = new Inbox(this.#board, manager, registry, changes, this.#watchers, verified);
  }

  /** Whether it has ended. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** The claimed port. */
  get port(): number {
    return this.#board.port;
  }

  /** Why the hub runs on this thread, where it cannot answer while the thread computes. */
  get ownThreadReason(): string | undefined {
    return this.#ownThreadReason;
  }

  /**
   * Starts the hub if nobody else can have, so that it comes up while the program does
   * something else.
   *
   * @throws {Error} Listening is not allowed.
   */
  begin(): void {
    requireListenPermission(this.#asked.hostname, this.#asked.ports);
    this.#link = openLiveLink();
    const { hostname = this.#link?.addr.hostname ?? LOOPBACK[0] } = this.#asked;
    this.#options = { ...this.#asked, hostname };
    this.#watchers.begin();
    this.#inbox.catchUp();
    if (!currentThread().isMain || !hasLocks() || startedHubs().length > 0) return;
    this.#search = this.#newSearch(startHub([], this.#request(this.#link?.addr)));
  }

  /**
   * Claims a port and takes changes from now on.
   *
   * @throws {Error} Ports are taken.
   */
  open(): void {
    this.#attach();
    // The status is shown anew, since the program may have set itself up since `begin`.
    this.#inbox.show();
    this.#manager.onSignal = () => this.#catchUp(this.#inbox.catchUp);
    this.#manager.catchUp();
    this.#dumpAtEnd();
    void this.#takeWhenIdle();
    void rehearseWhenIdle(() => this.#closed || this.#board.answered > 0);
    if (this.#ownHub !== undefined) return;
    this.#manager.onRecord = (time) => this.#checkHub(time);
    void this.#watchHub();
  }

  /** Frees the port; overrides end here, since nobody would take them back; the rest stays. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#manager.onSignal = undefined;
    this.#manager.onRecord = undefined;
    this.#inbox.letGo();
    this.#unheard.clear();
    this.#watchers.end();
    this.#leaveEnd();
    this.#leave();
    this.#changes.expire(Infinity);
    this.#changes.lost.onEnd = this.#changes.lost.onConfigured = undefined;
    this.#link?.close();
    this.#breakLink();
    this.#manager.touch();
    Atomics.notify(SIGNAL, 0);
  }

  /** Has a file watched from now on, which has been read once when this returns. */
  watch(path: string): void {
    const watch = this.#watched = { path, maxBytes: this.#options.maxBytes }, of = this.#id;
    if (this.#ownHub !== undefined) return this.#ownHub.hear({ watch, of });
    waitForHub((word) => ATTACH_CHANNEL.post({ watch, of, word }), () => this.#board.heartbeat);
    this.#manager.catchUp(this.#inbox.catchUp);
  }

  /** Needs a file watched no more. */
  unwatch(path: string): void {
    if (this.#watched?.path !== path) return;
    this.#watched = undefined;
    this.#tell((word) => ({ unwatch: this.#id, word }));
  }

  /** Blocks until a hub serves the thread, which it starts if need be: then the port is claimed. */
  #attach(): void {
    const search = this.#search ?? this.#newSearch();
    this.#search = undefined;
    while (!search.isOver) {
      const failure = search.step() ?? (search.isLate ? "it did not start in 10 s" : undefined);
      if (failure !== undefined) this.#serveOnOwnThread(failure, search);
      this.#board.waitUnserved(search.pause);
    }
    this.#takeAnswer();
    this.#isAgain = true;
  }

  /** Takes what the hub that was searched for has answered; throws if it has refused. */
  #takeAnswer(): void {
    this.#silence.look();
    if (this.#board.state === REFUSED) throw readRefusal(this.#board.readOutbox());
    numberThread(this.#board.takeNumber());
  }

  #newSearch(start?: HubStart): NextHub {
    const request = () => this.#request(this.#link?.addr);
    return new NextHub(this.#board, () => ATTACH_CHANNEL.post(request()), start, request);
  }

  /** Tells the hub to free the port. The broken link would tell it too, but after `close` returns. */
  #leave(): void {
    if (this.#ownHub !== undefined) return this.#ownHub.close();
    // A hub that comes up now must not serve this thread any more; one that has begun to is told.
    if (!this.#board.giveUp()) waitWhile(this.#board, BEGUN);
    // A hub that was taken for dead is told as well: if it was only slow, it still has the port.
    const leave = () => ATTACH_CHANNEL.post({ leave: this.#id });
    if (this.#isAgain && this.#board.state !== SERVED) leave();
    waitWhile(this.#board, SERVED, leave);
    // A hub that is so slow must not take the broken link for the thread's end.
    this.#board.state = LEFT;
  }

  #request(link: LiveLink | undefined): AttachRequest {
    const { dumpTo: path } = this.#own;
    return {
      id: this.#id,
      threadId: threadId(),
      name: currentThread().processName,
      buffers: this.#board.buffers,
      options: this.#options,
      link: link && { hostname: link.hostname, port: link.port },
      entries: this.#changes.inForce.map(({ parsed: _, ...entry }) => withToldMsLeft(entry)),
      file: this.#changes.file && { ...this.#changes.file, parsed: undefined },
      watched: this.#watched,
      seen: this.#changes.seen,
      isAgain: this.#isAgain,
      recorded: this.#recorded,
      dumpTo: path === undefined ? undefined : { path, listeners: countOnDemand().buffer },
    };
  }

  /** What the hub has to know of its records; undefined if none are kept. */
  get #recorded(): RecordedThread | undefined {
    const { rings } = this.#recorder, { app, key, verifies } = this.#options;
    return rings && { id: this.#id, name: currentThread().processName, app, key, verifies, rings };
  }

  /** Tells the hub of the record rings; the first time, the request to be served tells of them. */
  #tellRecorded(): void {
    if (this.#isAgain) this.#tell((word) => ({ record: this.#id, recorded: this.#recorded, word }));
  }

  /** Tells the hub something, and again until it has heard. */
  #tell(message: (word?: SharedArrayBuffer) => AttachMessage): void {
    if (this.#ownHub !== undefined) this.#ownHub.hear(message());
    else this.#unheard.post((word) => ATTACH_CHANNEL.post(message(word)));
  }

  /** Has a dump written; a hub on this thread writes it before this returns. */
  #dumpAtEnd(): void {
    if (this.#own.dumpTo === undefined) return;
    this.#leaveEnd = dumpAtEnd((dump) => {
      if (this.#ownHub !== undefined) this.#ownHub.hear({ dump });
      else waitForHub((word) => ATTACH_CHANNEL.post({ dump, word }), () => this.#board.heartbeat);
    });
  }

  /** Without a hub thread, changes are taken whenever the event loop runs. */
  #serveOnOwnThread(reason: string, { age }: NextHub): void {
    const hub = OwnHub.serve(this.#request(undefined), age, (error) => this.#losePort(error));
    // Otherwise the hub thread has come up just now, or the old port is not free yet.
    if (hub === undefined) return;
    this.#ownThreadReason = reason;
    this.#manager.onRecord = undefined;
    this.#ownHub = hub;
  }

  /** Applies changes while the thread has nothing else to do. */
  async #takeWhenIdle(): Promise<void> {
    while (!this.#closed) {
      const seen = this.#board.signal;
      this.#catchUpAlone(() => this.#catchUp(this.#inbox.catchUpSilently));
      if (this.#inbox.hasUnnoted) this.#noteLater();
      await this.#board.untilTurned(seen);
      this.#board.letOthersWake(OTHERS_MS);
    }
  }

  /** Carries out what is on the board, by `does`, which is a method of the inbox. */
  #catchUp(does: () => void): void {
    does();
    // The hub that served this thread has ended: a hub that stood by calls, or the search goes on.
    if (this.#board.takeCall() || this.#search !== undefined) this.#searchOn(true);
  }

  /** Notes changes in the history after a while, unless a log call does so before. */
  #noteLater(): void {
    setTimeout(() => this.#catchUpAlone(this.#inbox.catchUp), NOTE_DELAY_MS);
  }

  /** Carries out what waits, outside of a log call: an error that got out would end the program. */
  #catchUpAlone(apply: () => void): void {
    applyWaiting({ catchUp: () => this.#manager.catchUp(apply) });
  }

  /** Waits for the link to break, since the hub has ended then, and searches for another one. */
  async #watchHub(): Promise<void> {
    while (!this.#closed && this.#link !== undefined) {
      const heartbeat = await this.#untilLinkBreaks(this.#link);
      if (this.#closed) return;
      // A thread that computed may have found the next hub already.
      if (this.#board.heartbeat !== heartbeat) continue;
      await holdShared(SEARCH_LOCK, () => this.#searchIdly());
    }
  }

  /** Looks for another hub while the program does something else, or nothing. */
  async #searchIdly(): Promise<void> {
    let goesOn = this.#searchOn();
    while (goesOn && !this.#closed && this.#search !== undefined) {
      await pause(this.#search.pause);
      // A log call may have ended the search meanwhile.
      goesOn = this.#search !== undefined && this.#searchOn();
    }
  }

  async #untilLinkBreaks(link: Deno.TcpListener): Promise<number> {
    try {
      const conn = await link.accept();
      this.#hubEnd = conn;
      conn.unref();
      while (await conn.read(new Uint8Array(1)) !== null);
    } catch {
      // The connection was reset, or `close` has closed it.
    }
    this.#breakLink();
    return this.#board.heartbeat;
  }

  #breakLink(): void {
    this.#hubEnd?.close();
    this.#hubEnd = undefined;
  }

  /**
   * Looks for signs of life of the hub as the thread logs: a thread that never yields sees no broken
   * link. No log call waits for a hub: each takes one step of the search at most.
   */
  #checkHub(time: number): void {
    const isSearching = this.#search !== undefined;
    if (!this.#silence.isDue(time, isSearching ? ASK_AGAIN_S : undefined)) return;
    this.#unheard.repeat();
    if (this.#silence.look() || isSearching) this.#searchOn(true);
  }

  /** Takes one step of the search for another hub; returns whether it has to go on. */
  #searchOn(isComputing = false): boolean {
    // First come the orders of the last hub: the next one will put others in their place.
    if (this.#search === undefined) this.#manager.catchUp(this.#inbox.catchUp);
    const search = this.#search ??= this.#newSearch();
    try {
      if (!search.isOver) {
        const failure = search.step(isComputing);
        if (failure !== undefined) this.#serveOnOwnThread(failure, search);
        // The hub that has the ports may hang: it may go on, or end. The search begins anew.
        else if (search.isLate) this.#search = this.#newSearch();
      }
      if (!search.isOver) return true;
      this.#search = undefined;
      this.#takeAnswer();
    } catch (error) {
      // Another process took the ports meanwhile.
      this.#losePort(error);
    }
    return false;
  }

  /** The thread logs on, but listens no more. */
  #losePort(error: unknown): void {
    writeDiagnostic(`logdial: ${currentThread().processName} lost its port: ${error}\n`);
    this.close();
  }
}
