import "./hub_modules.ts";
import type { StarterPort } from "../../core/runtime/background_thread.ts";
import { pause } from "../../core/runtime/pause.ts";
import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { DumpFiles } from "../dump/dump_files.ts";
import { isWatched } from "../rings/is_watched.ts";
import { RING_CHANNEL, RingWriteout } from "../rings/ring_writeout.ts";
import {
  ATTACH_CHANNEL,
  type AttachMessage,
  type AttachRequest,
} from "../server/attach_channel.ts";
import { HEARTBEAT_MS, Hub } from "../server/hub.ts";
import { type HubHost, StandbyKeeper } from "../server/standby_keeper.ts";
import { ComingHub, untilOtherProgram } from "./coming_hub.ts";
import { Standby } from "./standby.ts";
import { HubControl, START_TIMEOUT_MS, type WriteoutStart } from "./hub_control.ts";
import { rehearseHub } from "./hub_rehearsal.ts";
import {
  ALIVE_LOCK,
  HUB_LOCK,
  SEARCH_LOCK,
  STANDBY_LOCK,
  WRITEOUT_LOCK,
} from "../board/lock_names.ts";
import { answerOnce } from "../board/order_word.ts";
import { holdLock, isLockHeld, tryLock } from "../board/locks.ts";
import { Board } from "../board/board.ts";
import { REHEARSE_AFTER_MS } from "./rehearsed_text.ts";

/** How long threads that search a hub after the end of one may take to come, in milliseconds. */
const SEARCHING_MS = 250;
/** How often a hub that is needed looks whether there is none any more, in milliseconds. */
const TRY_AGAIN_MS = 50;

/** For so long the hub's lock is left to a hub that stands by, in milliseconds. */
const LEFT_TO_STANDBY_MS = 1000;

/** What the hub thread is given. */
export interface HubData {
  readonly control: SharedArrayBuffer;
  /** Who has started it. */
  readonly host: HubHost;
  /** Whether it is to wait for the end of the hub that there is. */
  readonly standsBy: boolean;
  /** What the thread that has started it asks for; undefined if that asks on the channel. */
  readonly attach: AttachRequest | undefined;
  /** Whether that thread computes: then it may be one of a program that has ended. */
  readonly isComputing: boolean;
  /** Undefined unless the main thread has started it. */
  readonly writeout: WriteoutStart | undefined;
}

/**
 * Runs the hub of the process in the calling thread. If there is one already, this hub stands by
 * for it, where `standsBy` says so and no other does. A hub that is not needed ends its thread.
 *
 * A hub that main has started gets `writeout`: it writes out rings as well, even if another hub
 * serves the ports.
 */
export async function runHub(
  { control, host, standsBy, attach, isComputing, writeout: start }: HubData,
  starter: Pick<StarterPort, "end">,
): Promise<void> {
  outliveFaults();
  // The locks are held until the thread ends.
  const forEver = new Promise<never>(() => {});
  const coming = isComputing ? undefined : new ComingHub();
  await Promise.all([
    whileUnserved(attach, coming, async (age) => {
      // It knows the threads and what they have, and calls them back.
      if (age < LEFT_TO_STANDBY_MS && await isLockHeld(STANDBY_LOCK)) return;
      await tryLock(HUB_LOCK, async () => {
        coming?.hide();
        const searching = await isLockHeld(SEARCH_LOCK) ? SEARCHING_MS : 0;
        const hub = new Hub(new StandbyKeeper(host));
        serve(hub, attach, searching);
        showAlive(host);
        void endIfRestarted(hub, host, starter);
        await forEver;
      });
    }),
    start && runWriteout(new HubControl(control), start, forEver),
  ]);
  // Whoever comes here serves no ports and writes out no rings: the bodies above never end.
  let hasTakenOver = false;
  if (standsBy) {
    await tryLock(STANDBY_LOCK, async () => {
      hasTakenOver = await standBy(host, starter);
    });
  }
  if (!hasTakenOver) starter.end();
}

/**
 * Calls `become` with its age, once, and then again and again while the thread that has asked for a
 * hub is not served: the hub that there is may be one that ends just now. One that hangs is waited
 * for no longer than the thread does, which starts another one then.
 */
async function whileUnserved(
  attach: AttachRequest | undefined,
  coming: ComingHub | undefined,
  become: (age: number) => Promise<void>,
): Promise<void> {
  const board = attach && new Board(attach.buffers), begin = performance.now();
  const age = () => performance.now() - begin;
  await become(0);
  while (board?.isUnserved && age() < START_TIMEOUT_MS) {
    coming?.show();
    await pause(TRY_AGAIN_MS);
    await become(age());
  }
  coming?.hide();
}

/**
 * Waits, and takes over when the hub ends; resolves with true then, so that another hub can stand
 * by. Resolves with false if it is of no use, since the hub ends with the same thread as this one, or
 * the program has ended.
 */
async function standBy(host: HubHost, starter: Pick<StarterPort, "end">): Promise<boolean> {
  const standby = new Standby();
  let taker: Standby | Hub = standby;
  ATTACH_CHANNEL.hear((message) => taker.hear(message));
  const locks = { hub: HUB_LOCK, alive: ALIVE_LOCK };
  if (!await standby.untilNeeded(locks, host.threadId)) return false;
  const { takenBack, dumped } = standby, recordings = standby.recordings.inherited();
  const dumps = new DumpFiles(recordings, false, dumped);
  const hub = new Hub(new StandbyKeeper(host), undefined, recordings, takenBack, dumps);
  taker = hub;
  void beatFor(hub);
  standby.callBack(hub);
  showAlive(host);
  void endIfRestarted(hub, host, starter);
  return true;
}

/**
 * Ends a hub that a worker has started when the program has been started anew in the process: what goes
 * on of the old one are threads that Deno could not end, since they compute. The hub of main has ended
 * with that. Where the command line tells that this cannot be, nothing is looked for.
 */
async function endIfRestarted(
  hub: Hub,
  { isMain }: HubHost,
  starter: Pick<StarterPort, "end">,
): Promise<void> {
  if (isMain || isWatched() === false) return;
  await untilOtherProgram();
  await hub.endProgram();
  starter.end();
}

/** Tells hubs that stand by that this one has the hub's lock, until it ends. */
function showAlive({ threadId }: HubHost): void {
  holdLock(`${ALIVE_LOCK}${threadId}`, () => {});
}

/**
 * Has errors that nobody catches told on stderr, and not end the hub of all threads. No code of
 * the program runs here, so such an error is a fault of logdial.
 */
function outliveFaults(): void {
  const tell = (event: Event, reason: unknown) => {
    event.preventDefault();
    const text = reason instanceof Error ? reason.stack : reason;
    queueDiagnostic(`logdial: a fault in the hub: ${text}\n`);
  };
  addEventListener("unhandledrejection", (event) => tell(event, event.reason));
  addEventListener("error", (event) => tell(event, event.error));
}

async function runWriteout(
  control: HubControl,
  start: WriteoutStart,
  end: Promise<void>,
): Promise<void> {
  await tryLock(WRITEOUT_LOCK, async () => {
    if (writeOutRings(control, start)) await end;
  });
  control.renounceWriteout();
}

/**
 * Serves the threads that come. For so many milliseconds at most, those that another hub has served
 * come first: they know of changes with which the others, who ask again, are to begin.
 */
function serve(hub: Hub, first: AttachRequest | undefined, searching: number): void {
  // A hub that only writes out rings has nothing to rehearse.
  let rehearsal: Promise<void> | undefined;
  let open = performance.now() + searching;
  const hear = (message: AttachMessage) => {
    if ("buffers" in message) {
      if (message.isAgain) open = 0;
      else if (performance.now() < open) return;
    }
    hub.hear(message);
    rehearsal ??= rehearse();
  };
  ATTACH_CHANNEL.hear(hear);
  if (first !== undefined) hear(first);
  void beatFor(hub);
}

async function beatFor(living: { beat(): void }): Promise<never> {
  for (;;) {
    await pause(HEARTBEAT_MS);
    living.beat();
  }
}

async function rehearse(): Promise<void> {
  await pause(REHEARSE_AFTER_MS);
  try {
    await rehearseHub();
  } catch (error) {
    queueDiagnostic(`logdial: the rehearsal failed: ${error}\n`);
  }
}

function writeOutRings(control: HubControl, { listeners, rings }: WriteoutStart): boolean {
  if (!control.beginWriteout()) return false;
  const writeout = new RingWriteout(listeners);
  RING_CHANNEL.hear((request) => {
    if ("flush" in request) void answerOnce(request.flush, () => writeout.flush());
    else if (!control.isEnding) writeout.attach(request);
  });
  for (const ring of rings) writeout.attach(ring);
  void beatFor(control);
  void beatFor(writeout);
  control.obey(() => writeout.leave()).catch((error) => {
    queueDiagnostic(`logdial: rings cannot be left: ${error}\n`);
  });
  return true;
}
