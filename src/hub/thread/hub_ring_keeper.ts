import { leaveRingsAtEnd } from "./leave_rings_at_end.ts";
import { currentBuildScope } from "../../core/handlers/build_scope.ts";
import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { HELD } from "../../core/shared/line_ring.ts";
import { pause } from "../../core/runtime/pause.ts";
import { currentThread } from "../../core/runtime/thread.ts";
import {
  type KeptRing,
  provideRingKeeper,
  type RingKeeper,
} from "../../handlers/rings/ring_keeper.ts";
import { RING_CHANNEL, type RingRequest } from "../rings/ring_writeout.ts";
import { uniqueId } from "../board/unique_id.ts";
import { hasLocks, holdLock } from "../board/locks.ts";
import { countSignalListeners } from "../rings/signal_listeners.ts";
import { startedHubs, startHub } from "../life/start_hub.ts";

/** How often the rings of an idle thread are looked after, in milliseconds. */
const CHECK_MS = 1000;

/**
 * Finds the hub for the thread's rings: asks the hub that writes rings out, or starts one on main.
 */
class HubRingKeeper implements RingKeeper {
  readonly #rings: KeptRing[] = [];
  readonly #requests = new Map<KeptRing, RingRequest>();
  /** Names of the locks that tell of the thread's end. */
  readonly #locks = new Map<KeptRing, string>();
  /** The pulse that the last hub had when it was given up for dead; undefined if none was. */
  #lostPulse: number | undefined;
  #hasFailed = false;

  /** The rings of the thread. */
  get rings(): readonly KeptRing[] {
    return this.#rings;
  }

  adopt(ring: KeptRing): void {
    this.#rings.push(ring);
    this.#tellOfEnd(ring);
    if (this.#rings.length > 1) return;
    countSignalListeners();
    if (!currentThread().isMain) return;
    leaveRingsAtEnd(this.#rings);
    // The hub is started only when the module has been run: a program that ends at once needs none.
    const start = () => Deno.unrefTimer(setTimeout(() => this.ask(ring), 0));
    const scope = currentBuildScope();
    if (scope === undefined) start();
    else scope.onCommit(start);
  }

  ask(ring: KeptRing): boolean {
    if (this.#hasFailed || !ring.isFree) return !this.#hasFailed;
    const request = this.#requestFor(ring);
    if (currentThread().isMain && !this.#hasHub()) this.#startHub();
    else RING_CHANNEL.post(request);
    return !this.#hasFailed;
  }

  lost(): void {
    this.#lostPulse = startedHubs().at(-1)?.control.pulse;
  }

  /**
   * Whether main has started a hub that lives. A hub that was given up counts again if its pulse has
   * gone on since.
   */
  #hasHub(): boolean {
    const hub = startedHubs().at(-1);
    if (hub === undefined || hub.control.pulse === this.#lostPulse) return false;
    const failure = hub.failure();
    if (failure !== undefined) this.#fail(failure);
    return true;
  }

  #startHub(): void {
    this.#lostPulse = undefined;
    const failure = hasLocks()
      ? startHub(this.#rings.map((ring) => this.#requestFor(ring))).failure()
      : "it needs Deno 2.9 or newer";
    if (failure !== undefined) this.#fail(failure);
  }

  #fail(reason: string): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    writeDiagnostic(
      `logdial: RingHandler writes line by line, there is no hub thread: ${reason}\n`,
    );
  }

  #requestFor(ring: KeptRing): RingRequest {
    const known = this.#requests.get(ring);
    if (known !== undefined) return known;
    if (this.#requests.size === 0) void this.#look();
    const request: RingRequest = {
      id: uniqueId(),
      stream: ring.name === "<stderr>" ? "stderr" : "stdout",
      ring: ring.ring.buffer,
      listeners: countSignalListeners(),
      lock: this.#locks.get(ring),
    };
    this.#requests.set(ring, request);
    return request;
  }

  /**
   * Holds a lock by which the hub hears of the thread's end; only then may the thread write out the
   * ring as well. The lock is asked for at once, since the thread gets it only when it yields.
   */
  #tellOfEnd(ring: KeptRing): void {
    const tell = () => Atomics.store(ring.ring.words, HELD, 1);
    if (currentThread().isMain) tell();
    // A worker of Node's holds no lock: it ends when nothing keeps it alive, and a lock would.
    if (!("WorkerGlobalScope" in globalThis)) return;
    const lock = `logdial.ring.${uniqueId()}`;
    this.#locks.set(ring, lock);
    holdLock(lock, tell);
  }

  /** Looks whether the hub has gone, for an idle thread; a thread that logs sees that as it logs. */
  async #look(): Promise<void> {
    // An interval would be told as a leak of the test in which the first ring was made.
    for (;;) {
      await pause(CHECK_MS);
      for (const ring of this.#rings) ring.check();
    }
  }
}

const keeper = new HubRingKeeper();
provideRingKeeper(keeper);

/** The rings of the thread. */
export function linkedRings(): readonly KeptRing[] {
  return keeper.rings;
}
