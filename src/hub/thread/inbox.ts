import type { ReversibleChanges } from "../../config/apply/reversible_changes.ts";
import { scopesOf, turnedBy } from "../../config/apply/change_layer.ts";
import type { AppliedChange } from "../../config/apply/change_request.ts";
import { HeldChange } from "./held_change.ts";
import type { Registry } from "../../config/build/registry.ts";
import { ByteRing } from "../../core/shared/byte_ring.ts";
import { levelsOfProgram } from "../../core/levels/levels.ts";
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
  isOfFile,
  isQuestion,
  type LogEntry,
  MAX_OUTCOMES,
  type Outcome,
  type Post,
  type PostedOrder,
  type Report,
  type Tap,
} from "../board/orders.ts";
import { bylineOf, deedOf, overrideOf, senderOfEnd, timeNow } from "./bylines.ts";
import { changeNotes, changesRecordingOnly, ifOther, levelNotes } from "./change_notes.ts";
import { explainRecord, listLoggers } from "./logger_report.ts";
import { budgetLeases, spentText } from "./budget_lease.ts";
import { toldChange, ToldLevels } from "./told_levels.ts";
import { noteMsLeft } from "../server/ms_left.ts";
import { startStandby } from "../life/start_hub.ts";
import { runningConfig } from "./running_config.ts";
import { reportText } from "./report_text.ts";
import { tellDeafCopies } from "./tell_deaf_copies.ts";
import type { Watchers } from "./watchers.ts";

/** Kinds of orders that may change levels or handlers; their outcomes have notes on the rest. */
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
  readonly #levels: ToldLevels;
  readonly #verified: (payload: string) => string;
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
   * Orders on `board` change the loggers of `manager`, by `changes`; `get` names classes as
   * `registry` does. `verified` gives the text of a payload in base64, if the program's own function
   * lets it through.
   */
  constructor(
    board: Board,
    manager: Manager,
    registry: Registry,
    changes: ReversibleChanges<LogEntry>,
    watchers: Watchers,
    verified: (payload: string) => string,
  ) {
    this.#verified = verified;
    this.#board = board;
    this.#manager = manager;
    this.#registry = registry;
    this.#changes = changes;
    this.#held = new HeldChange(changes);
    this.#history = new History(manager);
    this.#levels = new ToldLevels(manager);
    this.#watchers = watchers;
    changes.linesOf = budgetLeases(board.buffers.lines, manager, (id, taken) => {
      this.#spend(id, taken);
      this.#noteAll();
      this.show();
    });
    changes.lost.onEnd = (ended, why) => {
      const byline = this.#changed = bylineOf(timeNow(), senderOfEnd(ended)), { before } = changes;
      this.#unnoted.push(() => this.#history.note({ ...byline, ...why, outcome: "ended" }, before));
    };
    changes.lost.onConfigured = () => {
      this.#noteAll();
      this.show();
    };
  }

  /** Carries out what waits, logs it, and shows the thread's status if the hub asks; never throws. */
  readonly catchUp = (): void => {
    this.catchUpSilently();
    this.#noteAll();
  };

  /**
   * As `catchUp`, but without logging: the sender and other threads wait for the change only.
   * `catchUp` has to be called soon after.
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
   * Ends what only the last hub knew of and cannot end any more: a change that is held ready, and
   * tails. The next hub learns of the changes in force; see `ProcessChanges.welcome`.
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
    // The levels are read now, so that the next change does not have to wait for that.
    this.#levels.tell();
  }

  #doAll(): void {
    const { changes, awaited } = JSON.parse(this.#board.readInbox()) as Post;
    this.#board.taken = changes.at(-1)?.id ?? 0;
    this.#outcomes = this.#outcomes.filter(({ id }) => id >= awaited);
    let { answered } = this.#board;
    this.#answers.clear();
    for (const posted of changes) {
      if (posted.id <= answered) continue;
      this.#noteAll();
      this.#outcomes.push(this.#carryOut(posted));
      answered = posted.id;
    }
    this.#outcomes.splice(0, this.#outcomes.length - MAX_OUTCOMES);
    this.#answer(answered);
  }

  #carryOut(posted: PostedOrder): Outcome {
    const before = this.#levels.all();
    const outcome = () => ({ id: posted.id, ...toldChange(before, this.#levels.all()) });
    try {
      const result = this.#do(posted);
      if (result === UNCHANGED) return { ...outcome(), unchanged: true };
      const { kind } = posted.order;
      const told = CHANGING.has(kind) ? { notes: result as ChangeNotes | undefined } : { result };
      return { ...outcome(), ...told };
    } catch (error) {
      const reason = toChangeError(error);
      this.#note(posted, "rejected", () => reason.message);
      return { ...outcome(), error: reason };
    }
  }

  /** Finds an answer once for all who ask before something changes, since to find it may take long. */
  #once(kind: string, find: () => unknown): unknown {
    if (!this.#answers.has(kind)) this.#answers.set(kind, find());
    return this.#answers.get(kind);
  }

  #do(posted: PostedOrder): unknown {
    const { order } = posted;
    if ("entry" in order) noteMsLeft(order.entry);
    // A check runs the program's own classes, which may change anything.
    if (!isQuestion(order) || order.kind === "check") this.#answers.clear();
    switch (order.kind) {
      case "verify":
        return this.#verified(order.payload);
      case "change":
        return this.#apply(posted, order.entry);
      case "reset":
        return this.#undo(posted, () => this.#changes.reset(order.seq));
      case "rollback":
        return this.#undo(posted, () => {
          const takenBack = this.#changes.takeBack(order.ids);
          return takenBack.length === 0 ? undefined : takenBack;
        });
      case "expire":
        return this.#noteEnd(posted, () => this.#changes.expire(order.now, order.due));
      case "spent":
        return this.#spend(order.id);
      case "check":
        return this.#held.check(order.text);
      case "prepare":
        return this.#held.prepare(order.text, order.transaction);
      case "commit":
        return this.#held.isDone(order.transaction) ? UNCHANGED : this.#commit(posted, order);
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
        return this.#note(posted, "rejected", () => order.reason);
      case "taps":
        return this.#showTails(order.taps);
      case "stand by":
        return startStandby();
      case "let go":
        return this.letGo();
    }
  }

  /** Applies a change; one that other threads have let in is shown to this thread's `verify`, too. */
  #apply(posted: PostedOrder, entry: LogEntry): ChangeNotes | undefined {
    const { payload } = entry;
    const applied = payload === undefined
      ? entry
      : { ...entry, text: this.#verified(payload), parsed: undefined };
    return this.#alter({ ...posted, at: entry.at, sender: entry }, () => {
      const done = this.#changes.apply(applied);
      return done === undefined ? undefined : this.#notesOn(done);
    });
  }

  /** What a change that has just been applied has brought about. */
  #notesOn(done: AppliedChange): ChangeNotes {
    tellDeafCopies(this.#manager);
    const notes = changeNotes(this.#manager, this.#changes.before!, done);
    return { ...notes, recorder: this.#watchers.recorder.status };
  }

  /** Takes changes back by `undo`, which returns undefined if there is nothing to take back. */
  #undo(
    posted: PostedOrder,
    undo: () => readonly LogEntry[] | undefined,
  ): typeof UNCHANGED | ChangeNotes {
    const previous = this.#tellState(), recorded = this.#watchers.recorder.status;
    const entries = undo();
    if (entries === undefined) return UNCHANGED;
    this.#changed = bylineOf(posted.at, posted.sender);
    const takenBack = entries.map((entry) => bylineOf(entry.at, entry));
    this.#noteApplied(posted, previous, takenBack);
    return { takenBack, recorder: ifOther(this.#watchers.recorder.status, recorded) };
  }

  /** Runs a function that changes levels or handlers, and notes that. */
  #alter<T>(posted: PostedOrder, alter: () => T): T {
    const previous = this.#tellState();
    const result = alter();
    this.#changed = bylineOf(posted.at, posted.sender);
    this.#noteApplied(posted, previous);
    return result;
  }

  #noteApplied(posted: PostedOrder, previous: ToldState, takenBack?: readonly LastChange[]): void {
    const now = this.#tellState();
    this.#note(posted, "applied", () => describeChange(previous, now), takenBack);
  }

  #tellState(): ToldState {
    return { levels: this.#levels.all(), scopes: scopesOf(this.#changes.outside).map(scopeLine) };
  }

  /** Takes back a change whose lines are spent; `taken` here, if others of the process are left. */
  #spend(id: string, taken?: number): void {
    const at = timeNow(), posted = { id: 0, order: { kind: "spent", id }, at } as const;
    const why = (first: LogEntry) => `${spentText(first, at, taken)}: `;
    this.#noteEnd(posted, () => this.#changes.takeBack([id]), why);
  }

  /** Has overrides end by `end`, which returns them, and notes that. */
  #noteEnd(
    posted: Omit<PostedOrder, "sender">,
    end: () => readonly LogEntry[],
    why: (ended: LogEntry) => string = () => "",
  ): void {
    const previous = this.#tellState(), ended = end();
    if (ended.length === 0) return;
    const sender = senderOfEnd(ended), now = this.#tellState();
    this.#changed = bylineOf(posted.at, sender);
    const detail = () => `${why(ended[0]!)}${describeChange(previous, now)}`;
    this.#note({ ...posted, sender }, "ended", detail);
  }

  #commit(
    posted: PostedOrder,
    { transaction, entry: told }: { transaction: string; entry: LogEntry },
  ): ChangeNotes {
    const { prepared, text } = this.#held.take(transaction), entry = { ...told, text };
    const order = { kind: "change", entry } as const;
    const commit = () => this.#notesOn(prepared.commit(entry));
    return this.#alter({ ...posted, order, sender: entry }, commit);
  }

  /** Puts off a note for the history until after the answer, since it takes longer than the change. */
  #note(
    { at, sender, order }: PostedOrder,
    outcome: HistoryEntry["outcome"],
    detail: () => string,
    takenBack?: readonly LastChange[],
  ): void {
    const before = outcome === "rejected" ? undefined : this.#changes.before;
    // Recording must not bring out one line more: so its changes are noted quietly.
    const isRecording = before !== undefined && changesRecordingOnly(this.#manager, before);
    const recorded = isRecording ? this.#watchers.recorder.text : undefined;
    // What a file says first is no change; the hub tells for all threads what is wrong with a file.
    const isFile = isOfFile(order);
    const isQuiet = isRecording || (isFile && (outcome === "rejected" || !this.#hasFile));
    this.#hasFile ||= isFile && outcome === "applied";
    this.#unnoted.push(() => {
      const byline = bylineOf(at, sender), told = recorded ?? detail();
      const entry = { ...byline, ...deedOf(order, outcome), outcome, detail: told, takenBack };
      this.#history.note(entry, before, isQuiet);
    });
  }

  #answer(answered: number): void {
    this.#reported = true;
    const levels = this.#levels.tell(), { outside } = this.#changes;
    const report: Report = {
      outcomes: this.#outcomes,
      levels,
      notes: {
        ...levelNotes(this.#manager, this.#levels, turnedBy(outside), scopesOf(outside)),
        recorder: this.#watchers.recorder.status,
      },
      changed: this.#changed,
      overrides: this.#changes.overrides.map(overrideOf),
      lost: this.#changes.lost.ids,
      ownLevels: levelsOfProgram(),
    };
    this.#board.answer(reportText(report), answered);
  }
}
