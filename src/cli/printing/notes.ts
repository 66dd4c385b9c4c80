import type { ChangeNotes } from "../../wire/message.ts";
import { didYouMean } from "../../core/errors/suggest.ts";
import { formatBytes } from "../../config/spec/recording_spec.ts";
import { yellow } from "./print.ts";

/** A line that several threads may tell in different words: it is the same if `key` is. */
export interface Note {
  readonly key: string;
  readonly text: string;
  /** Whether it is no warning. */
  readonly isGood?: boolean;
}

/** The notes on one thread. */
export interface ThreadNotes {
  readonly port: number;
  readonly lines: readonly (string | Note)[];
}

/** Names that a line lists before it only counts. */
const SHOWN = 5;

/** Notes in words, a line each; opened handlers are shown elsewhere. */
export function describeNotes(notes: ChangeNotes): string[] {
  const { silent = [], unknown = [], disabled = [], dropped = [] } = notes;
  const lines = silent.slice(0, SHOWN).map(({ logger, reason, level, for: whom }) =>
    reason.startsWith("it may")
      ? `${logger}: ${reason}`
      : `${logger} shows ${level === undefined ? "nothing" : `no ${level}`}${
        forText(whom)
      }: ${reason}`
  );
  const more = silent.slice(SHOWN);
  if (more.length > 0) {
    const what = more.every(({ level }) => level === undefined)
      ? "nothing"
      : "less than their level";
    lines.push(`${more.length} more loggers show ${what}`);
  }
  for (const { logger, similar, recorded } of unknown) {
    const question = similar === undefined ? "" : `, ${didYouMean(similar)}`;
    const what = recorded === true ? "no logger yet" : "a new logger";
    lines.push(`${logger} is ${what}${question}`);
  }
  if (disabled.length > 0) lines.push(`disabled: ${list(disabled, "logger")}`);
  if (dropped.length > 0) lines.push(`dropped: ${list(dropped, "part")}`);
  return lines;
}

/** For which log calls something is; empty for all. */
export function forText(whom: string | undefined): string {
  return whom === undefined ? "" : ` for ${whom}`;
}

/** The notes of all threads, each once; with the ports if not all threads have it. */
export function groupNotes(threads: readonly ThreadNotes[]): string[] {
  const all = new Map<string, { readonly note: Note; readonly ports: number[] }>();
  for (const { port, lines } of threads) {
    for (const line of lines) {
      const note = typeof line === "string" ? { key: line, text: line } : line;
      const known = all.get(note.key);
      if (known === undefined) all.set(note.key, { note, ports: [port] });
      else known.ports.push(port);
    }
  }
  return [...all.values()].map(({ note: { text, isGood }, ports }) => {
    const where = ports.length === threads.length
      ? ""
      : ` (${list([...new Set(ports.map(String))], "port")})`;
    return isGood ? `${text}${where}` : yellow(`${text}${where}`);
  });
}

/** The handlers that are opened, as `opens console`; empty for none. */
export function openedText({ opened = [] }: ChangeNotes): string {
  const handlers = [...new Set(opened.flatMap(({ handlers }) => handlers))];
  return handlers.length === 0 ? "" : `opens ${list(handlers, "handler")}`;
}

/** What is recorded, as `records app.db=DEBUG in 1M`; empty for nothing. */
export function recorderText({ recorder }: ChangeNotes): string {
  if (recorder === undefined) return "";
  const levels = Object.entries(recorder.levels).map(([name, level]) => `${name}=${level}`);
  return `records ${list(levels, "logger")} in ${formatBytes(recorder.bytes)}`;
}

/** The first names of a list, and how many more there are. */
export function list(names: readonly string[], kind: string): string {
  const more = names.length - SHOWN;
  const shown = names.slice(0, SHOWN).join(", ");
  return more > 0 ? `${shown} and ${more} more ${kind}${more === 1 ? "" : "s"}` : shown;
}
