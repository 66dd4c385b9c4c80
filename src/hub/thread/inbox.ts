import type { ReversibleChanges } from "../../config/apply/reversible_changes.ts";
import { scopesOf } from "../../config/apply/change_layer.ts";
import type { AppliedChange } from "../../config/apply/change_request.ts";
import { HeldChange } from "./held_change.ts";
import type { Registry } from "../../config/build/registry.ts";
import { ByteRing } from "../../core/shared/byte_ring.ts";
import { ownLevels } from "../../core/levels/levels.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { type ChangeNotes, type LastChange, toChangeError } from "../../wire/message.ts";
import {
  describeChange,
  History,
  type HistoryEntry,
  scopeLine,
  type ToldState,
} from "./history.ts";
import type { Board } from "../board/board.ts";
import {
  type Change,
  isOfFile,
  isQuestion,
  type LogEntry,
  MAX_OUTCOMES,
  type Outcome,
  type Post,
  type Report,
  type Tap,
} from "../board/orders.ts";
import { bylineOf, endOf, overrideOf, timeNow } from "./bylines.ts";
import { changeNotes, changesRecordingOnly, ifOther, levelNotes } from "./change_notes.ts";
import { explainRecord, listLoggers } from "./logger_report.ts";
import { lineLeases, spentText } from "./line_lease.ts";
import { OwnLevels, toldChange } from "./own_levels.ts";
import { startStandby } from "../life/start_hub.ts";
import { runningConfig } from "./running_config.ts";
import { reportText } from "./report_text.ts";
import type { Watchers } from "./watchers.ts";
import { verifiedText, type Verify } from "../board/payload_text.ts";

/** Orders that may change levels or handlers: their answers have notes of what else that did. */
const CHANGING: ReadonlySet<string> = new Set(["change", "commit", "rollback", "reset"]);

/** The outcome of an order that found nothing to do. */
const UNCHANGED = Symbol("unchanged");

/**
 * Thread side of a board: carries out what the hub has put there, and shows what came of it.
 *
 * An inbox holds all orders that the hub has no answer for, in their order. Those newer than
 * the board's `answered` are carried out one by one; each has an outcome, also when it throws, and
 * outcomes stay in the outbox until the hub says (`awaited`) that it has read them. So an order is
 * carried out once, whichever side is late, or dies and is replaced.
 *
 * The answer goes out first: noting a change in the history takes longer than the change, and is
 * put off until senders and other threads have been seen to. A program's `verify` and its classes
 * may throw or log: an error becomes the outcome, and nothing is carried out within itself.
 */
export class Inbox {
  readonly #board: Board;
  readonly #manager: Manager;
  readonly #registry: Registry;
  readonly #changes: ReversibleChanges<LogEntry>;
  readonly #history: History;
  readonly #levels: OwnLevels;
  readonly #verify: Verify;
  readonly #watchers: Watchers;
  readonly #held: HeldChange;
  #outcomes: Outcome[] = [];
  #changed: LastChange | null = null;
  #reported = false;
  /** Whether a watched file has been in force. */
  #hasFile = false;
  /** Answers by question, since the last order that may have changed something. */
  readonly #answers = new Map<string, unknown>();
  /** What has been done and is not in the history yet. */
  #unnoted: (() => void)[] = [];

  /**
   * Orders on `board` change `manager` by `changes`; `get` names classes as `registry` does.
   */
  constructor(
    board: Board,
    manager: Manager,
    registry: Registry,
    changes: ReversibleChanges<LogEntry>,
    watchers: Watchers,
    verify: Verify = (payload) => payload,
  ) {
    this.#verify = verify;
    this.#board = board;
    this.#manager = manager;
    this.#registry = registry;
    this.#changes = changes;
    this.#held = new HeldChange(changes);
    this.#history = new History(manager);
    this.#levels = new OwnLevels(manager);
    this.#watchers = watchers;
    changes.linesOf = lineLeases(board.buffers.lines, manager, (id, taken) => {
      this.#spend(id, taken);
      this.#noteAll();
      this.show();
    });
  }

  /** Does what waits, logs it, and shows the thread's status if the hub asks; it never throws. */
  readonly catchUp = (): void => {
    this.catchUpSilently();
    this.#noteAll();
  };

  /**
   * The same without noting it, since the sender and other threads wait for the change
   * only: `catchUp` is due soon after.
   */
  readonly catchUpSilently = (): void => {
    const board = this.#board;
    if (board.published !== board.answered) this.#doAll();
    else if (board.reportWanted || !this.#reported) this.#answer(board.answered);
  };

  /** Shows the thread's status as it is now. */
  show(): void {
    this.#answer(this.#board.answered);
  }

  /**
   * Ends what only the hub knew of that has served the thread, since that will not end it: a change
   * that is held ready, and tails. Changes in force another hub learns of; see `ProcessChanges.welcome`.
   */
  letGo(): void {
    this.#held.letGo();
    this.#showTails([]);
  }

  /** Whether something has been done that is not in the history yet. */
  get hasUnnoted(): boolean {
    return this.#unnoted.length > 0;
  }

  #showTails(taps: readonly Tap[]): void {
    this.#watchers.showTails(new ByteRing(this.#board.buffers.tail), taps);
  }

  #noteAll(): void {
    if (this.#unnoted.length === 0) return;
    const notes = this.#unnoted;
    this.#unnoted = [];
    for (const note of notes) note();
    // The next change asks for them, and does not want to wait.
    this.#levels.tell();
  }

  #doAll(): void {
    const { changes, awaited } = JSON.parse(this.#board.readInbox()) as Post;
    this.#board.taken = changes.at(-1)?.id ?? 0;
    this.#outcomes = this.#outcomes.filter(({ id }) => id >= awaited);
    let { answered } = this.#board;
    this.#answers.clear();
    for (const change of changes) {
      if (change.id <= answered) continue;
      this.#noteAll();
      this.#outcomes.push(this.#carryOut(change));
      answered = change.id;
    }
    this.#outcomes.splice(0, this.#outcomes.length - MAX_OUTCOMES);
    this.#answer(answered);
  }

  #carryOut(change: Change): Outcome {
    const before = this.#levels.all();
    const outcome = () => ({ id: change.id, ...toldChange(before, this.#levels.all()) });
    try {
      const result = this.#do(change);
      if (result === UNCHANGED) return { ...outcome(), unchanged: true };
      const { kind } = change.order;
      const told = CHANGING.has(kind) ? { notes: result as ChangeNotes | undefined } : { result };
      return { ...outcome(), ...told };
    } catch (error) {
      const reason = toChangeError(error);
      this.#note(change, "rejected", () => reason.message);
      return { ...outcome(), error: reason };
    }
  }

  /** Finds an answer once for all who ask before something changes: that may take long. */
  #once(kind: string, find: () => unknown): unknown {
    if (!this.#answers.has(kind)) this.#answers.set(kind, find());
    return this.#answers.get(kind);
  }

  #do(change: Change): unknown {
    const { order } = change;
    // A check runs what is the program's, which may do anything.
    if (!isQuestion(order) || order.kind === "check") this.#answers.clear();
    switch (order.kind) {
      case "verify":
        return verifiedText(order.payload, this.#verify);
      case "change":
        return this.#apply(change, order.entry);
      case "reset":
        return this.#undo(change, () => this.#changes.reset(order.seq));
      case "rollback":
        return this.#undo(change, () => {
          const takenBack = this.#changes.takeBack(order.ids);
          return takenBack.length === 0 ? undefined : takenBack;
        });
      case "expire":
        // What was in force before is looked at first.
        return this.#noteEnd(change, this.#tellState(), this.#changes.expire(order.now, order.due));
      case "spent":
        return this.#spend(order.id);
      case "check":
        return this.#held.check(order.text);
      case "prepare":
        return this.#held.prepare(order.text, order.transaction);
      case "commit":
        return this.#commit(change, order);
      case "abort":
        return this.#held.abort(order.transaction);
      case "get":
        return this.#once(order.kind, () => runningConfig(this.#manager, this.#registry));
      case "loggers":
        return this.#once(order.kind, () => listLoggers(this.#manager));
      case "why":
        return explainRecord(this.#manager, order, this.#watchers, scopesOf(this.#changes.outside));
      case "history":
        return this.#history.entries;
      case "refused":
        return this.#note(change, "rejected", () => order.reason);
      case "taps":
        return this.#showTails(order.taps);
      case "stand by":
        return startStandby();
      case "let go":
        return this.letGo();
    }
  }

  /** What reaches a thread late has been let in by others: its own `verify` sees it as well. */
  #apply(change: Change, entry: LogEntry): ChangeNotes | undefined {
    const { payload } = entry;
    const applied = payload === undefined
      ? entry
      : { ...entry, text: verifiedText(payload, this.#verify), parsed: undefined };
    return this.#alter({ ...change, at: entry.at, sender: entry }, () => {
      const done = this.#changes.apply(applied);
      return done === undefined ? undefined : this.#notesOn(done);
    });
  }

  /** What a change has brought about that has just been applied. */
  #notesOn(done: AppliedChange): ChangeNotes {
    const notes = changeNotes(this.#manager, this.#changes.before!, done);
    return { ...notes, recorder: this.#watchers.recorder.status };
  }

  /** Nothing to take back (undefined) is told, and no change. */
  #undo(
    change: Change,
    undo: () => readonly LogEntry[] | undefined,
  ): typeof UNCHANGED | ChangeNotes {
    const previous = this.#tellState(), recorded = this.#watchers.recorder.status;
    const entries = undo();
    if (entries === undefined) return UNCHANGED;
    this.#changed = bylineOf(change.at, change.sender);
    const takenBack = entries.map((entry) => bylineOf(entry.at, entry));
    this.#noteApplied(change, previous, takenBack);
    return { takenBack, recorder: ifOther(this.#watchers.recorder.status, recorded) };
  }

  /** Runs what changes levels or handlers, and notes it. */
  #alter<T>(change: Change, alter: () => T): T {
    const previous = this.#tellState();
    const result = alter();
    this.#changed = bylineOf(change.at, change.sender);
    this.#noteApplied(change, previous);
    return result;
  }

  #noteApplied(change: Change, previous: ToldState, takenBack?: readonly LastChange[]): void {
    const now = this.#tellState();
    this.#note(change, "applied", () => describeChange(previous, now), takenBack);
  }

  #tellState(): ToldState {
    return { levels: this.#levels.all(), scopes: scopesOf(this.#changes.outside).map(scopeLine) };
  }

  /** Takes back a change whose lines are spent, or of which no more can be had than were logged here. */
  #spend(id: string, taken?: number): void {
    const previous = this.#tellState(), at = timeNow();
    const change = { id: 0, order: { kind: "spent", id }, at } as const;
    this.#noteEnd(
      change,
      previous,
      this.#changes.takeBack([id]),
      (ended) => `${spentText(ended, at, taken)}: `,
    );
  }

  #noteEnd(
    change: Omit<Change, "sender">,
    previous: ToldState,
    ended: readonly LogEntry[],
    why: (ended: LogEntry) => string = () => "",
  ): void {
    if (ended.length === 0) return;
    const sender = endOf(ended), now = this.#tellState();
    this.#changed = bylineOf(change.at, sender);
    const detail = () => `${why(ended[0]!)}${describeChange(previous, now)}`;
    this.#note({ ...change, sender }, "ended", detail);
  }

  #commit(
    change: Change,
    { transaction, entry }: { transaction: string; entry: LogEntry },
  ): ChangeNotes {
    const prepared = this.#held.take(transaction);
    const order = { kind: "change", entry } as const;
    return this.#alter({ ...change, order, sender: entry }, () => {
      return this.#notesOn(prepared.commit(entry));
    });
  }

  /** Puts off the noting, since it takes longer than the change; nothing else is done before. */
  #note(
    { at, sender, order }: Change,
    outcome: HistoryEntry["outcome"],
    detail: () => string,
    takenBack?: readonly LastChange[],
  ): void {
    const expiresAt = outcome !== "rejected" && "entry" in order
      ? order.entry.expiresAt
      : undefined;
    const until = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
    const kind = order.kind === "verify" ? "change" : order.kind;
    const what = order.kind === "refused" ? order.what : kind;
    const before = outcome === "rejected" ? undefined : this.#changes.before;
    // Whoever has records kept is promised that not one line more comes out.
    const isRecording = before !== undefined && changesRecordingOnly(this.#manager, before);
    const recorded = isRecording ? this.#watchers.recorder.text : undefined;
    // The first word of a file is no change, and what is wrong with one the hub tells for all.
    const isFile = isOfFile(order);
    const isQuiet = isRecording || (isFile && (outcome === "rejected" || !this.#hasFile));
    this.#hasFile ||= isFile && outcome === "applied";
    this.#unnoted.push(() => {
      const byline = bylineOf(at, sender), told = recorded ?? detail();
      const entry = { ...byline, what, outcome, detail: told, until, takenBack };
      this.#history.note(entry, before, isQuiet);
    });
  }

  #answer(answered: number): void {
    this.#reported = true;
    const levels = this.#levels.tell();
    const report: Report = {
      outcomes: this.#outcomes,
      levels,
      notes: {
        ...levelNotes(this.#manager, this.#levels, this.#changes.turned),
        recorder: this.#watchers.recorder.status,
      },
      changed: this.#changed,
      overrides: this.#changes.overrides.map(overrideOf),
      ownLevels: ownLevels(),
    };
    this.#board.answer(reportText(report), answered);
  }
}
