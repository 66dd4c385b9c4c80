/**
 * What the sender of a change wants to know beside the new levels: where the lines will come
 * out, where they cannot and why, and what a whole configuration has taken away.
 */
import { droppedParts, reachedHandlers } from "../../config/apply/part_changes.ts";
import type { AppliedChange } from "../../config/apply/change_request.ts";
import type { NamedScope } from "../../config/apply/prepared_config.ts";
import { captureLogger } from "../../config/apply/logger_state.ts";
import type { LoggingState } from "../../config/apply/logging_state.ts";
import { writeDiagnostic } from "../../core/io/diagnostics.ts";
import { thrownText } from "../../core/values/thrown.ts";
import { CRITICAL, getLevelName } from "../../core/levels/levels.ts";
import { getOpening, levelSource } from "../../core/loggers/logger_node.ts";
import type { Logger } from "../../core/loggers/logger.ts";
import { scopeText } from "../../core/loggers/scope.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import { findLogger, handlerName, outlets, routeOf, silenceOf } from "../../core/loggers/route.ts";
import { toldTexts } from "../../wire/told_texts.ts";
import type { Opened, Silent } from "../../wire/logger_notes.ts";
import type { ChangeNotes, RecorderStatus } from "../../wire/message.ts";
import { HISTORY_LOGGER } from "./history.ts";
import type { ToldLevels } from "./told_levels.ts";
import { unknownLoggers } from "./unknown_loggers.ts";

/** Most loggers that are looked at of those that inherit the level of one logger. */
const MAX_HEIRS = 1000;
/** Most names in one list of the notes. */
const MAX_NAMES = 100;

/**
 * What a change that has just been applied has brought about; `before` is the state before it.
 */
export function changeNotes(
  manager: Manager,
  before: LoggingState,
  { turns, scopes }: AppliedChange,
): ChangeNotes {
  return notesOrNone(() => {
    if (turns === undefined) return worthTelling(lossesSince(manager, before));
    return worthTelling(turnNotes(manager, before, turns, scopes));
  }, {});
}

/** What is recorded now; undefined if the same was recorded before: then there is nothing to tell. */
export function ifOther(
  now: RecorderStatus | undefined,
  before: RecorderStatus | undefined,
): RecorderStatus | undefined {
  return JSON.stringify(now) === JSON.stringify(before) ? undefined : now;
}

function turnNotes(
  manager: Manager,
  before: LoggingState,
  turns: readonly string[],
  scopes: readonly NamedScope[] | undefined,
): ChangeNotes {
  const names = turns.filter((name) => name !== manager.root.name && !before.loggers.has(name));
  const find = (missing: readonly string[]) =>
    unknownLoggers(manager, missing.slice(0, MAX_NAMES), namesOf(before.loggers));
  const recorded = find(recordedInVain(manager, before)).map((one) => ({ ...one, recorded: true }));
  return { ...shownBy(manager, turns, scopes), unknown: [...find(names), ...recorded] };
}

/** Names that are recorded from now on, of which there is no logger, nor one below them. */
function recordedInVain({ root, recording }: Manager, before: LoggingState): string[] {
  if (recording === undefined || recording === before.recording) return [];
  const known = [root.name, ...[...before.loggers].map(([name]) => name)];
  return [...recording.levels.keys()].filter((name) =>
    before.recording?.levels.has(name) !== true &&
    !known.some((one) => one === name || one.startsWith(`${name}.`))
  );
}

/**
 * What the levels in force show, and which loggers are disabled. `turned` are the loggers that
 * changes have turned, also those that nothing is opened for: these may show nothing. `scopes` are
 * those that changes have set, for some log calls only.
 */
export function levelNotes(
  manager: Manager,
  { opened, disabled, bridged }: ToldLevels,
  turned: readonly string[],
  scopes: readonly NamedScope[] = [],
): Pick<ChangeNotes, "opened" | "silent" | "disabled" | "bridged"> {
  const names = [...new Set([...opened, ...turned])].slice(0, MAX_HEIRS);
  const none: ReturnType<typeof shownBy> = { opened: [], silent: [] };
  const shown = notesOrNone(() => [
    shownBy(manager, names),
    ...scopes.slice(0, MAX_NAMES).map((scope) => shownBy(manager, [scope.logger], [scope])),
  ], [none]);
  return toldTexts({
    opened: shown.flatMap(({ opened }) => opened),
    silent: shown.flatMap(({ silent }) => silent),
    disabled: disabled.filter((name) => name !== HISTORY_LOGGER),
    bridged,
  });
}

/** The last error that kept notes from being made; the same error is told only once in a row. */
let lastTrouble: string | undefined;

/**
 * Makes notes, or gives `none` if that throws. Notes ask objects of the program's own classes,
 * which may throw; that must spoil neither the answer to a change that has been carried out, nor
 * the log call that has carried it out.
 */
function notesOrNone<T>(make: () => T, none: T): T {
  try {
    return make();
  } catch (error) {
    const trouble = thrownText(error);
    if (trouble !== lastTrouble) {
      writeDiagnostic(`logdial: cannot tell where records come out: ${trouble}\n`);
    }
    lastTrouble = trouble;
    return none;
  }
}

/** Whether the state differs from `before` only in what is recorded. */
export function changesRecordingOnly(manager: Manager, before: LoggingState): boolean {
  if (before.recording === manager.recording) return false;
  const knownOf = before.loggers.lookUp();
  for (const logger of manager.loggers()) {
    const known = logger === manager.root ? before.root : knownOf(logger.name);
    if (known !== undefined && captureLogger(logger, known) !== known) return false;
  }
  for (const [handler, level] of before.handlerLevels) if (handler.level !== level) return false;
  return true;
}

/** What a whole configuration has taken out of use. */
function lossesSince(manager: Manager, { root, loggers }: LoggingState): ChangeNotes {
  // The history logger does not count: the history enables it again.
  const isLost = ({ name, disabled }: Logger) =>
    disabled && name !== HISTORY_LOGGER && loggers.get(name)?.disabled === false;
  const disabled = [...manager.loggers()].filter(isLost).map(({ name }) => name);
  const reached = reachedHandlers([root, ...[...loggers].map(([, state]) => state)]);
  const dropped = droppedParts(reached, reachedHandlers(manager.loggers()));
  return { disabled: disabled.slice(0, MAX_NAMES), dropped: dropped.slice(0, MAX_NAMES) };
}

function* namesOf(loggers: LoggingState["loggers"]): Generator<string> {
  for (const [name] of loggers) yield name;
}

/** The lists that have something in them. */
function worthTelling(notes: ChangeNotes): ChangeNotes {
  return toldTexts(Object.fromEntries(Object.entries(notes).filter(([, list]) => list.length > 0)));
}

/**
 * Tells which of the loggers, and of those that inherit their level, show something, and where. Of
 * a logger that has one of `scopes` it tells what the calls show that the scope is for.
 */
function shownBy(
  manager: Manager,
  names: readonly string[],
  scopes: readonly NamedScope[] = [],
): Required<Pick<ChangeNotes, "opened" | "silent">> {
  const opened: Opened[] = [], silent: Silent[] = [];
  const heirs = heirsOf(manager, names);
  for (const name of names) {
    const logger = findLogger(manager, name);
    if (logger === undefined || opened.length === MAX_NAMES) continue;
    const scope = scopes.find((one) => one.logger === name);
    const { level } = scope ?? levelSource(logger);
    const whom = scope === undefined ? {} : { for: scopeText(scope.test) };
    const handlers = new Set<string>();
    let reason: string | undefined;
    for (const one of [name, ...heirs.get(name) ?? []]) {
      const route = routeOf(manager, one, Math.max(1, level), scope);
      for (const { handler, outcome } of outlets(route)) {
        if (outcome === "opened") handlers.add(handlerName(handler));
      }
      const silence = silenceOf(route);
      // If the logger itself shows nothing, the loggers below it need not say the same.
      if (silence === undefined || silence === reason) continue;
      if (one === name) reason = silence;
      if (silent.length === MAX_NAMES) continue;
      const isPart = outlets(routeOf(manager, one, CRITICAL, scope)).length > 0;
      const hidden = isPart ? { level: getLevelName(level) } : {};
      silent.push({ logger: one, reason: silence, ...hidden, ...whom });
    }
    const from = (scope === undefined ? getOpening(logger) : scope.opening)?.from;
    if (handlers.size > 0 && from !== undefined) {
      opened.push({ logger: name, from: getLevelName(from), handlers: [...handlers], ...whom });
    }
  }
  return { opened, silent };
}

/** Names of the loggers that have their level from one of those. */
function heirsOf(manager: Manager, names: readonly string[]): Map<string, string[]> {
  const heirs = new Map<string, string[]>();
  if (names.length === 0) return heirs;
  const sources = new Set(names);
  let left = MAX_HEIRS;
  for (const logger of manager.loggers()) {
    if (left-- === 0) break;
    const { name } = levelSource(logger);
    if (name === logger.name || logger.name === HISTORY_LOGGER || !sources.has(name)) continue;
    const known = heirs.get(name);
    if (known === undefined) heirs.set(name, [logger.name]);
    else known.push(logger.name);
  }
  return heirs;
}
