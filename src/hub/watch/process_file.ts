import { locateInJson, locateInYaml, placeOf } from "../../config/check/locate_keys.ts";
import { readNamedText } from "../../config/text/read_yaml.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { queueDiagnostic } from "../../core/io/diagnostic_queue.ts";
import { giveUpAfter } from "../../core/runtime/give_up_after.ts";
import { pause } from "../../core/runtime/pause.ts";
import { readFileText } from "../../wire/command.ts";
import { type ChangeError, toChangeError, type WatchedFileStatus } from "../../wire/message.ts";
import { toldName } from "../../wire/told_texts.ts";
import type { LogEntry } from "../board/orders.ts";
import { type Sight, WatchedFile } from "./watched_file.ts";

/** How long a fault has to last before it is told, in milliseconds: a file may be half written. */
const STABLE_MS = 1000;
/** How long a thread waits for the first look at a file, which may lie on another machine. */
const PATIENCE_MS = 1000;

/** The part of a change that the file itself tells. */
export type FileChange = Pick<
  LogEntry,
  "file" | "text" | "parsed" | "by" | "label" | "user" | "reason"
>;

/** Gives threads what a file says; `ProcessChanges` does so. */
export interface FileTaker {
  /** The newest entry of the file that threads have, or are to have. */
  readonly fileEntry: LogEntry | undefined;
  /** The newest entry of the file that a thread has in force. */
  readonly fileInForce: LogEntry | undefined;
  /** Gives it to all threads; `answer` hears what becomes of it. */
  takeFile(
    change: FileChange,
    answer: { taken(): void; refused(error: ChangeError): void },
  ): void;
}

/**
 * Watches the file with which a process begins, for as long as a thread wants it. Whatever the file
 * says is given to all threads; a fault in it is told once, after it has lasted for a while.
 */
export class ProcessFile {
  readonly #taker: FileTaker;
  readonly #usesEvents: boolean;
  readonly #askers = new Set<string>();
  #file: WatchedFile | undefined;
  #error: string | undefined;
  /** What was seen last of the file: another object each time that something else is seen. */
  #sight: object | undefined;
  /** What was seen first. */
  #first: object | undefined;
  /** Other files that threads wanted to be watched, which have been told of. */
  readonly #others = new Set<string>();

  /** Gives what the file says to `taker`. */
  constructor(taker: FileTaker, usesEvents: boolean) {
    this.#taker = taker;
    this.#usesEvents = usesEvents;
  }

  /** What `status` tells of the file; undefined if nobody wants it watched. */
  get status(): WatchedFileStatus | undefined {
    if (this.#file === undefined) return undefined;
    const { path } = this.#file, entry = this.#taker.fileInForce;
    const at = entry?.file === path ? entry.at : undefined;
    return { path: toldName(path), at, error: this.#error && toldName(this.#error) };
  }

  /** Watches a file for a thread; resolves when the file has been read, or after `PATIENCE_MS`. */
  async watch(id: string, path: string, maxBytes: number): Promise<void> {
    if (this.#file !== undefined && this.#file.path !== path) return this.#tellOther(path);
    this.#askers.add(id);
    this.#file ??= this.#begin(path, maxBytes);
    await Promise.race([this.#file.looked, pause(PATIENCE_MS)]);
  }

  /** Watches no more for a thread that has ended, or needs it no more. */
  leave(id: string): void {
    if (!this.#askers.delete(id) || this.#askers.size > 0) return;
    this.#file?.close();
    this.#file = undefined;
    this.#sight = undefined;
    this.#first = undefined;
    this.#error = undefined;
  }

  #begin(path: string, maxBytes: number): WatchedFile {
    const options = { maxBytes, usesEvents: this.#usesEvents };
    const file: WatchedFile = new WatchedFile(path, options, (sight) => this.#see(file, sight));
    file.run().catch((error) => {
      queueDiagnostic(`logdial: ${path} is watched no more: ${error?.stack ?? error}\n`);
    });
    return file;
  }

  async #see(file: WatchedFile, sight: Sight): Promise<void> {
    const { path } = file;
    this.#sight = sight;
    this.#first ??= sight;
    const { text: shown, trouble } = sight;
    if (shown === undefined) return this.#tellLater(sight, path, trouble ?? "it cannot be read");
    let text = shown;
    try {
      text = await readNamedText(path, shown);
      const change = readChange(path, text);
      if (file !== this.#file || sight !== this.#sight) return;
      if (this.#isInForce(change)) return this.#settle(sight);
      this.#taker.takeFile(change, {
        taken: () => this.#settle(sight),
        refused: (error) => this.#tellError(sight, path, { error, text, shown }),
      });
    } catch (error) {
      this.#tellError(sight, path, { error: toChangeError(error), text, shown });
    }
  }

  #isInForce({ file, text }: FileChange): boolean {
    const entry = this.#taker.fileEntry;
    return entry?.file === file && entry?.text === text;
  }

  #settle(sight: Sight): void {
    if (sight === this.#sight) this.#error = undefined;
  }

  #tellError(
    sight: Sight,
    path: string,
    { error, text, shown }: { error: ChangeError; text: string; shown: string },
  ): void {
    const { message, section, key, line = lineOf(section, key, text, shown) } = error;
    this.#tellLater(sight, line === undefined ? path : `${path}:${line}`, message, text);
  }

  /**
   * Tells a fault after a while, unless something else is seen meanwhile. At the program's start it
   * tells it at once, since whoever has just started the program looks for faults then.
   */
  #tellLater(sight: Sight, place: string, reason: string, text?: string): void {
    const tell = () => {
      // A thread may not know a class that another one has registered.
      const isTaken = text !== undefined && this.#taker.fileInForce?.text === text;
      const error = `${place}: ${reason}${isTaken ? "; other threads have taken it" : ""}`;
      if (sight !== this.#sight || error === this.#error) return;
      this.#error = error;
      const rest = "what was in force before stays";
      queueDiagnostic(`logdial: ${error}${isTaken ? ", elsewhere" : ";"} ${rest}\n`);
    };
    if (sight === this.#first) tell();
    else giveUpAfter(STABLE_MS, tell);
  }

  #tellOther(path: string): void {
    if (this.#others.has(path)) return;
    this.#others.add(path);
    queueDiagnostic(
      `logdial: Cannot watch "${path}": this process watches ${this.#file?.path}, and one is all\n`,
    );
  }
}

/**
 * Reads what a file says, as a frame is read, but without the bounds of frames.
 *
 * @throws {ConfigError} It is no configuration, or has keys that only a sender may use.
 */
function readChange(path: string, text: string): FileChange {
  const { command, extensions: { label, by: user, reason, ...rest }, parsed } = readFileText(text);
  const { expires, lines, to } = rest;
  const isWhole = command.kind === "change" && (expires ?? lines ?? to) === undefined;
  if (!isWhole) {
    throw new ConfigError(
      "Cannot watch it: a watched file is for all threads and does not end, so it says no " +
        "command, expires, lines or to",
      { section: "logdial" },
    );
  }
  return { file: path, text, parsed, by: toldName(`file ${path}`), label, user, reason };
}

/** The line in its file of a part of a dict, if that part begins a line of its own. */
function lineOf(
  section: string | undefined,
  key: string | undefined,
  text: string,
  shown: string,
): number | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const places = text === shown ? locateInJson(text) : locateInYaml(shown);
  return placeOf(places, section, key)?.line;
}
