import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import type { LineBudget } from "../../core/loggers/line_budget.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { type Buildable, ChangeBuilder } from "./build_change.ts";
import { type FileBase, type Layer, type OutsideLayer, ownIn, prolong } from "./change_layer.ts";
import type {
  AppliedChange,
  ChangeRequest,
  OutsidePolicy,
  PreparedChange,
} from "./change_request.ts";
import { countForgotten, isEndedByFile, isOverride, requireRoom } from "./kept_changes.ts";
import { CONFIGURED, LostChanges } from "./lost_changes.ts";
import type { PreparedConfig } from "./prepared_config.ts";
import { captureLoggers, captureState, type LoggingState, restoreState } from "./logging_state.ts";
import {
  applyOwnChange,
  mergeOwnChanges,
  type OwnChange,
  ownChangeBetween,
  touchedBy,
} from "./own_change.ts";
import { ParkedHandlers } from "./parked_handlers.ts";
import { SeenIds } from "./seen_ids.ts";
import type { Registry } from "../build/registry.ts";

/**
 * The changes that a thread has taken from outside, on top of what the program set up.
 *
 * Each change is a layer, with the state of the loggers before it. A change that comes is put on
 * top, or where it would lie if it had come in time: then the layers above are taken off and put on
 * again. One that ends is taken back likewise, so that a later change outlives an earlier override.
 * What the program itself sets between two changes is a layer of its own, which nothing takes away.
 * What a watched file says lies below all layers, as if the program had begun with it.
 *
 * For all that, handlers that a change takes out of use stay open until nothing can bring them
 * back. Old layers are forgotten, beyond which only a reset goes back. What may go wrong: a change
 * that could be built once cannot be built again; it is told, and the rest is restored.
 */
export class ReversibleChanges<Change extends ChangeRequest = ChangeRequest> {
  readonly #manager: Manager;
  #layers: Layer<Change>[] = [];
  /** The state that the program had set up before the first change. */
  #start: LoggingState | undefined;
  /** What the program has set since, below the oldest layer. */
  #startOwn: OwnChange | undefined;
  /** Whether changes have been forgotten, which only a reset can take back. */
  #hasForgotten = false;
  #before: LoggingState | undefined;
  /** The state in which the last change left the loggers; differences since are the program's own. */
  #settled: LoggingState;
  readonly #seen = new SeenIds();
  /** The watched file's configuration, if there is one. */
  #file: FileBase<Change> | undefined;
  readonly #handlers: ParkedHandlers;
  readonly #builder: ChangeBuilder;
  /** Gives the budget of lines of a change; undefined if it may bring out any number. */
  linesOf: ((change: Change) => LineBudget | undefined) | undefined;
  /** The changes that nobody has taken back, and that cannot be taken back any more. */
  readonly lost: LostChanges<Change> = new LostChanges();

  /** Changes apply to `manager`, with names from `registry`. */
  constructor(manager: Manager, registry: Registry) {
    this.#manager = manager;
    this.#handlers = new ParkedHandlers(manager);
    this.#builder = new ChangeBuilder(manager, registry, () => this.#handlers.own());
    this.#settled = captureState(manager);
    // Overrides end before the program configures itself: what they have set, and the configuration
    // leaves, could not be taken back later.
    manager.onConfiguring = () => this.lost.add(this.#takeBack(isOverride), CONFIGURED);
    manager.onConfigured = () => this.#startAnew();
  }

  /** Sets what changes may do from now on. */
  set policy(policy: OutsidePolicy) {
    this.#builder.policy = policy;
  }

  /** The change of the watched file, if there is one. */
  get file(): Change | undefined {
    return this.#file?.change;
  }

  /** The changes in force with what they have changed, oldest first. */
  get outside(): OutsideLayer<Change>[] {
    return this.#layers.filter((layer) => layer.kind === "outside");
  }

  /** The changes in force that can be taken back, oldest first. */
  get inForce(): readonly Change[] {
    return this.outside.map(({ change }) => change);
  }

  /** Ids of the changes that the thread has had, whether or not they are still in force. */
  get seen(): readonly string[] {
    return this.#seen.all;
  }

  /** The state of the loggers before the last thing that was done here. */
  get before(): LoggingState | undefined {
    return this.#before;
  }

  /** The changes in force that will end by themselves, oldest first. */
  get overrides(): Change[] {
    return this.inForce.filter(isOverride);
  }

  /**
   * Applies a change: on top, or at the place of its `seq` if it comes late. Returns undefined for a
   * change that is in force already, which only gets the later of both ends, and for a change that a
   * newer watched file has ended.
   *
   * @throws {ConfigError} It is refused, and nothing has changed.
   */
  apply(change: Change): AppliedChange | undefined {
    if (prolong(this.#layers, change)) return undefined;
    this.#seen.add(change.id);
    this.lost.delete(change.id);
    if (this.#file !== undefined && isEndedByFile(change, this.#file.change)) return undefined;
    const takeFile = () => this.#takeFile(change);
    if (change.file !== undefined) return this.#manager.settleRecording(false, takeFile);
    const newer = this.#layers.findIndex((layer) =>
      layer.kind === "outside" && layer.change.seq > change.seq
    );
    if (newer >= 0) return this.#insert(change, newer);
    return this.#putOnTop(change, this.#build(change));
  }

  /**
   * Makes everything of a change, and changes nothing.
   *
   * @throws {ConfigError} It is refused.
   */
  prepare(
    change: Pick<ChangeRequest, "text" | "parsed" | "isTrusted">,
  ): PreparedChange<Change> {
    const prepared = this.#build(change);
    // A configuration that depends on what is in force may mean other handlers and loggers by now.
    const commit = (change: Change) =>
      this.#putOnTop(change, prepared.recommit ? prepared : this.#builder.build(change));
    return { commit, abort: prepared.abort, preview: prepared.preview };
  }

  #build(change: Buildable): PreparedConfig {
    requireRoom(this.outside.length);
    return this.#builder.build(change);
  }

  #putOnTop(change: Change, prepared: PreparedConfig): AppliedChange {
    this.#seen.add(change.id);
    this.#noteOwn();
    this.#add(change, prepared, prepared.commit);
    this.#forgetOldest();
    this.#settle();
    return { turns: prepared.turns, scopes: prepared.scopes };
  }

  /** Takes back the overrides that were to end until now, or then; returns them. */
  expire(now: number, then: readonly number[] = []): Change[] {
    return this.#takeBack(({ expiresAt: end = NaN }) => end <= now || then.includes(end));
  }

  /** Takes back the changes with these ids; returns those of them that were in force. */
  takeBack(ids: readonly string[]): Change[] {
    return this.#takeBack(({ id }) => ids.includes(id));
  }

  /**
   * Takes back all changes except those after `seq`; also those that are too old for a rollback.
   * Returns those that a rollback could have taken back; undefined if there was no change at all.
   */
  reset(seq: number): Change[] | undefined {
    if (this.#start === undefined) return undefined;
    const settled = this.#noteOwn();
    const ended = this.inForce.filter((change) => change.seq <= seq);
    const later = this.#layers.filter((layer) => layer.kind === "own" || layer.change.seq > seq);
    this.#restoreAnd(this.#start, settled, () => {
      this.#layers = [];
      this.#hasForgotten = false;
      if (this.#startOwn !== undefined) applyOwnChange(this.#manager, this.#startOwn);
      for (const layer of later) this.#putAgain(layer);
    });
    return ended;
  }

  /** Puts a change at the place that it would have if it had come in time. */
  #insert(change: Change, newer: number): AppliedChange | undefined {
    const settled = this.#noteOwn();
    let refusal: unknown, applied: AppliedChange | undefined;
    this.#rebuild(newer, this.#layers.slice(newer), settled, () => {
      try {
        applied = this.#addAnew(change);
      } catch (error) {
        refusal = error;
      }
    });
    if (refusal !== undefined) throw refusal;
    return applied;
  }

  /** Builds and adds a change; `isAgain` has it applied though handlers that it names have gone. */
  #addAnew(change: Change, isAgain = false): AppliedChange {
    const prepared = this.#builder.build(change, isAgain);
    // A factory of the program's own may have changed loggers as well.
    if (prepared.touches === undefined) this.#look();
    this.#add(change, prepared, prepared.commit);
    return { turns: prepared.turns, scopes: prepared.scopes };
  }

  /** Puts a change on top of the loggers as they were last looked at. */
  #add(change: Change, prepared: PreparedConfig, commit: PreparedConfig["commit"]): void {
    const before = this.#commit(change, prepared, commit);
    this.#start ??= before;
    this.#before = before;
    this.#layers.push({ kind: "outside", change, before, prepared });
  }

  /** Puts a change in force; returns the state of the loggers before. */
  #commit(
    change: Change,
    prepared: PreparedConfig,
    commit: PreparedConfig["commit"],
  ): LoggingState {
    const before = this.#settled;
    const { size } = this.#manager.loggerDict;
    try {
      commit(this.#handlers.park, this.linesOf?.(change));
    } finally {
      // Loggers count even if the change has been refused half-way, since they stay.
      this.#builder.noteMade(change, this.#manager.loggerDict.size - size);
    }
    this.#look(prepared.touches);
    this.#handlers.noteBuilt(before, this.#settled);
    return before;
  }

  /**
   * Puts a watched file's configuration in the place of its last one, and of all changes before it
   * that were to stay; overrides lie above it until they end. What the program itself has set lies
   * below it, as below a configuration of the program's own.
   */
  #takeFile(change: Change): AppliedChange {
    const settled = this.#noteOwn();
    const before = this.#settled;
    const { below, own } = this.#file ??
      { below: this.#start ?? before, own: ownIn(this.#layers, this.#startOwn) };
    const later = this.outside.filter((layer) => !isEndedByFile(layer.change, change));
    this.#handlers.parkBuilt(before);
    restoreState(this.#manager, below, (name) => settled.loggers.has(name));
    if (own !== undefined) applyOwnChange(this.#manager, own);
    this.#look();
    let prepared: PreparedConfig;
    try {
      prepared = this.#builder.build(change);
      this.#look();
      this.#commit(change, prepared, prepared.commit);
    } catch (error) {
      restoreState(this.#manager, before, () => true);
      this.#look();
      this.#settle();
      throw error;
    }
    this.#file = { change, below, own };
    this.#startAtNext();
    for (const layer of later) this.#putAgain(layer);
    this.#before = before;
    this.#settle();
    return { turns: prepared.turns };
  }

  /** Looks at all loggers, or only at those that can have changed. */
  #look(touched?: Iterable<string>): void {
    this.#settled = touched === undefined
      ? captureState(this.#manager, this.#settled)
      : captureLoggers(this.#manager, this.#settled, touched);
  }

  /** Forgets layers that are too old for a rollback; only a reset takes these back. */
  #forgetOldest(): void {
    let count = countForgotten(this.inForce);
    this.#hasForgotten ||= count > 0;
    while (this.#layers[0]?.kind === "own" || count > 0) {
      const oldest = this.#layers.shift()!;
      if (oldest.kind === "outside") count--;
      else this.#startOwn = mergeOwnChanges(this.#startOwn, oldest.own);
    }
  }

  #takeBack(isMeant: (change: Change) => boolean): Change[] {
    const isEnding = (layer: Layer<Change>) => layer.kind === "outside" && isMeant(layer.change);
    const first = this.#layers.findIndex(isEnding);
    if (first < 0) return [];
    const settled = this.#noteOwn();
    const ended = this.inForce.filter(isMeant);
    const later = this.#layers.slice(first).filter((layer) => !isEnding(layer));
    this.#rebuild(first, later, settled);
    return ended;
  }

  /** Goes back to the layers below the outside layer `first`, acts, and puts `later` on top. */
  #rebuild(
    first: number,
    later: readonly Layer<Change>[],
    settled: LoggingState,
    act: () => void = () => {},
  ): void {
    const layer = this.#layers[first];
    if (layer?.kind !== "outside") return;
    this.#restoreAnd(layer.before, settled, () => {
      this.#layers = this.#layers.slice(0, first);
      act();
      for (const one of later) this.#putAgain(one);
    });
  }

  /** `settled` is the state in which the last change left the loggers; later ones are the program's. */
  #restoreAnd(state: LoggingState, settled: LoggingState, rebuild: () => void): void {
    const before = this.#settled;
    this.#handlers.parkBuilt(before);
    // Records that are kept must not be dropped while layers are taken off and put on again.
    this.#manager.settleRecording(true, () => {
      restoreState(this.#manager, state, (name) => settled.loggers.has(name));
      this.#look();
      rebuild();
    });
    // Without changes from outside in force, the present state is a new start.
    if (this.outside.length === 0 && !this.#hasForgotten) this.#startAtNext();
    this.#before = before;
    this.#settle();
  }

  /** Puts a layer on again; if it cannot be built any more, that is told, and the rest goes on. */
  #putAgain(layer: Layer<Change>): void {
    if (layer.kind === "own") {
      applyOwnChange(this.#manager, layer.own);
      this.#look(touchedBy(layer.own));
      this.#layers.push(layer);
      return;
    }
    const { change, prepared } = layer;
    try {
      if (prepared.recommit === undefined) this.#addAnew(change, true);
      else this.#add(change, prepared, prepared.recommit);
    } catch (error) {
      const reason = reasonOf(error);
      writeDiagnostic(`logdial: a change by ${change.by} could not be kept: ${reason}\n`);
      this.lost.add([change], { what: "change", detail: `it could not be kept: ${reason}` });
    }
  }

  /**
   * Looks at what the program has set since the last change, and makes a layer of it; returns the
   * state in which that change left the loggers.
   */
  #noteOwn(): LoggingState {
    const settled = this.#settled;
    this.#look();
    if (this.#start === undefined && this.#file === undefined) return settled;
    const { root } = this.#manager, { unused } = this.#handlers;
    const own = ownChangeBetween(root, settled, this.#settled, unused);
    if (own === undefined) return settled;
    if (this.#start !== undefined) this.#layers.push({ kind: "own", own });
    if (this.#file !== undefined) {
      this.#file = { ...this.#file, own: mergeOwnChanges(this.#file.own, own) };
    }
    return settled;
  }

  /** Begins anew, since the program has configured itself: there is nothing to go back to. */
  #startAnew(): void {
    this.lost.add(this.inForce);
    this.#startAtNext();
    this.#look();
    if (this.#file !== undefined) {
      this.#file = { change: this.#file.change, below: this.#settled, own: undefined };
    }
    this.#settle();
    this.lost.onConfigured?.();
  }

  #startAtNext(): void {
    this.#layers = [];
    this.#start = undefined;
    this.#startOwn = undefined;
    this.#hasForgotten = false;
  }

  /** Closes and forgets handlers and states that nothing can bring back any more. */
  #settle(): void {
    const { below } = this.#file ?? {};
    const states = [below, this.#start, ...this.outside.map(({ before }) => before)]
      .filter((state) => state !== undefined);
    const kept = new Set([...states, this.#before].flatMap((state) => state?.loggers ?? []));
    // The oldest state leads to all newer ones.
    (below ?? this.#start ?? this.#before)?.loggers.keepOnly(kept);
    this.#handlers.settle(this.#settled, states);
  }
}
