import { type Aim, aimsOf, commandLine, optionOf } from "./aims.ts";
import type { Key, KeyName } from "./keys.ts";
import { choiceOf, chosenIndex, chosenRow, listRows } from "./list_rows.ts";
import type { TopModel } from "./model.ts";

/** What a key has asked for beside what it has changed on the screen. */
export type Effect =
  | { readonly kind: "quit" }
  | { readonly kind: "redraw" }
  /** The loggers of a thread are wanted. */
  | { readonly kind: "look" }
  | { readonly kind: "change"; readonly change: Change; readonly aims: readonly Aim[] }
  | {
    readonly kind: "tail";
    /** What is followed, for people. */
    readonly title: string;
    readonly logger: string;
    readonly aims: readonly Aim[];
  }
  | { readonly kind: "tail ends" };

/** What is changed in programs. */
export type Change =
  | { readonly kind: "set"; readonly logger: string; readonly level: string | number }
  | { readonly kind: "rollback" }
  | { readonly kind: "reset" };

/** Levels by their letters. */
export const LEVEL_KEYS: ReadonlyMap<string, { readonly level: string; readonly word: string }> =
  new Map([
    ["d", { level: "DEBUG", word: "debug" }],
    ["i", { level: "INFO", word: "info" }],
    ["w", { level: "WARNING", word: "warning" }],
    ["e", { level: "ERROR", word: "error" }],
    ["c", { level: "CRITICAL", word: "critical" }],
    ["n", { level: "NOTSET", word: "its parent's" }],
  ]);

/** Longest filter. */
const MOST_FILTER = 100;

/** Takes a key: changes what is shown, and tells what else is to be done. */
export function press(model: TopModel, key: Key): Effect | undefined {
  if (key.kind === "named" && key.name === "interrupt") return { kind: "quit" };
  if (key.kind === "named" && key.name === "redraw") return { kind: "redraw" };
  switch (model.mode) {
    case "filter":
      return typeFilter(model, key);
    case "help":
      // Any key goes on; one that ends all still does.
      model.mode = "list";
      return isText(key, "q") ? { kind: "quit" } : undefined;
    case "list":
      if (key.kind === "named") return moveBy(model, key.name);
      return key.kind === "text" ? pressLetter(model, key.text) : undefined;
  }
}

function typeFilter(model: TopModel, key: Key): undefined {
  if (key.kind !== "named") {
    // A line that is pasted may have its end with it, which no name has.
    const [line = ""] = key.text.trim().split(/\p{Cc}/u);
    model.filter = [...model.filter + (key.kind === "paste" ? line : key.text)]
      .slice(0, MOST_FILTER).join("");
    return;
  }
  switch (key.name) {
    case "enter":
      model.mode = "list";
      return;
    case "escape":
      model.filter = "";
      model.mode = "list";
      return;
    case "backspace":
      model.filter = [...model.filter].slice(0, -1).join("");
      return;
    default:
      moveBy(model, key.name);
  }
}

function moveBy(model: TopModel, name: KeyName): Effect | undefined {
  const rows = listRows(model), index = chosenIndex(model, rows), row = rows[index];
  const steps: Partial<Record<KeyName, number>> = {
    up: -1,
    down: 1,
    "page up": -model.page,
    "page down": model.page,
    home: -Infinity,
    end: Infinity,
  };
  const step = steps[name];
  if (step !== undefined) {
    const next = rows[Math.max(0, Math.min(index + step, rows.length - 1))];
    if (next !== undefined) model.chosen = choiceOf(next);
    return undefined;
  }
  switch (name) {
    case "escape":
      if (model.isForAll) model.isForAll = false;
      else model.filter = "";
      return undefined;
    case "right":
      return row === undefined ? undefined : open(model, row.thread.key);
    case "left":
      return row === undefined ? undefined : close(model, row.thread.key);
    case "enter":
      if (row === undefined) return undefined;
      return model.opened.has(row.thread.key)
        ? close(model, row.thread.key)
        : open(model, row.thread.key);
  }
  return undefined;
}

function open(model: TopModel, thread: string): Effect {
  model.opened.add(thread);
  return { kind: "look" };
}

function close(model: TopModel, thread: string): undefined {
  model.opened.delete(thread);
  model.chosen = { thread };
}

function pressLetter(model: TopModel, letter: string): Effect | undefined {
  switch (letter) {
    case "q":
      return { kind: "quit" };
    case "?":
      model.mode = "help";
      return undefined;
    case "/":
      model.mode = "filter";
      return undefined;
    case "!":
      model.isForAll = !model.isForAll;
      return undefined;
    case " ":
      return followOrEnd(model);
    case "r":
      return changeAt(model, { kind: "rollback" }, ["rollback"]);
    case "R":
      return changeAt(model, { kind: "reset" }, ["reset"]);
  }
  const level = LEVEL_KEYS.get(letter)?.level;
  return level === undefined ? undefined : setLevel(model, level);
}

function setLevel(model: TopModel, level: string): Effect | undefined {
  const logger = chosenLogger(model);
  const { time, lines } = model.setup;
  const end = ["--for", time, ...lines === undefined ? [] : ["--lines", String(lines)]];
  return changeAt(model, { kind: "set", logger, level }, ["set", ...end], `${logger}=${level}`);
}

/** A change of the threads that are meant; with it, the next key is for one thread again. */
function changeAt(
  model: TopModel,
  change: Change,
  words: readonly string[],
  operand?: string,
): Effect | undefined {
  const aims = aimsOf(model);
  model.isForAll = false;
  if (aims.length === 0) return undefined;
  const { reason } = model.setup.sender;
  const why = reason === undefined ? [] : ["--reason", reason];
  model.command = commandsFor([...words, ...why], aims, operand);
  return { kind: "change", change, aims };
}

/** Follows what is chosen; what is followed already is ended. */
function followOrEnd(model: TopModel): Effect | undefined {
  const aims = aimsOf(model), logger = chosenLogger(model);
  const { port, status } = chosenRow(model)?.thread ?? {};
  const where = model.isForAll ? "all threads" : `${port} ${status?.name ?? ""}`.trimEnd();
  const title = logger === "root" ? where : `${logger}, ${where}`;
  model.isForAll = false;
  if (aims.length === 0) return undefined;
  const command = commandsFor(
    ["tail", ...logger === "root" ? [] : optionOf("--logger", logger)],
    aims,
  );
  if (model.tail?.id === command) return { kind: "tail ends" };
  model.command = command;
  return { kind: "tail", title, logger: logger === "root" ? "" : logger, aims };
}

/** A command for each aim; what is not an option stands in front, unless it looks like one. */
function commandsFor(
  [name = "", ...options]: readonly string[],
  aims: readonly Aim[],
  operand?: string,
): string {
  const isLast = operand?.startsWith("-") ?? false;
  const first = operand === undefined || isLast ? [name] : [name, operand];
  const last = operand !== undefined && isLast ? ["--", operand] : [];
  return aims.map((aim) => commandLine([...first, ...options, ...aim.words, ...last])).join("; ");
}

function chosenLogger(model: TopModel): string {
  return chosenRow(model)?.logger?.name ?? "root";
}

function isText(key: Key, text: string): boolean {
  return key.kind === "text" && key.text === text;
}
