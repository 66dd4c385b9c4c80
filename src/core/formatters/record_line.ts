import { fieldNotFound, type FieldPart, type FormatParts } from "../format/format_parts.ts";
import { flat } from "../text/flat.ts";
import { visible } from "../text/visible.ts";
import type { LogRecord } from "../records/log_record.ts";
import { RECORD_FIELDS } from "../records/record_fields.ts";

/**
 * Reads a field of the record under any name; throws an error named `KeyError` if there is none.
 */
export type ReadField = (record: LogRecord, name: string) => unknown;

/** A literal text of the format, with the field that follows it. */
interface Step {
  readonly before: string;
  readonly name: string;
  /** Reads the field; undefined if not every record has it, or if its spec reads other fields. */
  readonly read: ((record: LogRecord) => unknown) | undefined;
  readonly render: FieldPart["render"];
  readonly isPlain: boolean;
}

/** A step before the message, with its value in the last line. */
interface HeadStep extends Step {
  readonly read: (record: LogRecord) => unknown;
  last: unknown;
}

/** Fields that a head to be kept may have: `KeptHead` can tell whether these are the same. */
const KEPT_FIELDS: ReadonlySet<string> = new Set(["asctime", "name", "levelno", "levelname"]);

/** Stands for a value that equals no other. */
const NOTHING = Symbol();

/** Lines by format, since a new configuration mostly has the formats of the one before. */
const lines = new WeakMap<FormatParts, RecordLine>();
/** Lines by format that escape control characters. */
const escapingLines = new WeakMap<FormatParts, RecordLine>();

/**
 * A format made ready for records: whatever can be found out before there is a record is found out
 * here. The text before the message is kept, since it is the same for records that come fast one
 * after the other.
 */
export class RecordLine {
  readonly #head: readonly HeadStep[];
  readonly #rest: readonly Step[];
  readonly #end: string;
  #headText = "";
  #isFlat = true;
  /** Whether the format is a head that can be kept, followed by the message only; see `KeptHead`. */
  readonly canKeepHead: boolean;

  /**
   * The line of a format; formatters share it, since it depends on nothing else. With `escape`,
   * control characters in fields are shown as escapes; those of the format itself stay.
   */
  static of(format: FormatParts, escape = false): RecordLine {
    const known = escape ? escapingLines : lines;
    let line = known.get(format);
    if (line === undefined) known.set(format, line = new RecordLine(format, escape));
    return line;
  }

  private constructor(format: FormatParts, escape: boolean) {
    const steps: Step[] = [];
    let before = "";
    for (const part of format.parts) {
      if (typeof part === "string") {
        before += part;
        continue;
      }
      const { name, render, isPlain = false, readsMore = false } = escape ? escaping(part) : part;
      const read = readsMore ? undefined : RECORD_FIELDS.get(name);
      steps.push({ before, name, read, render, isPlain });
      before = "";
    }
    const at = steps.findIndex(({ read, name }) => read === undefined || name === "message");
    const head = at < 0 ? steps : steps.slice(0, at);
    this.#head = head.map((step) => ({ ...step, read: step.read!, last: NOTHING }));
    this.#rest = steps.slice(head.length);
    this.#end = before;
    const [message] = this.#rest;
    this.canKeepHead = this.#rest.length === 1 && message!.name === "message" &&
      message!.read !== undefined && this.#head.every(({ name }) => KEPT_FIELDS.has(name));
  }

  /** The head of the last line, of a format that {@linkcode canKeepHead}. */
  get headText(): string {
    return this.#headText + this.#rest[0]!.before;
  }

  /** The line of a message behind such a head. */
  renderMessage(headText: string, message: string): string {
    const { isPlain, render } = this.#rest[0]!;
    const text = headText + (isPlain ? message : render(message));
    return this.#end === "" ? text : text + this.#end;
  }

  /**
   * The record's line.
   *
   * @throws {Error} `ValueError` that names the field which the record does not have.
   */
  render(record: LogRecord, readField: ReadField): string {
    try {
      let text = this.#renderHead(record, readField);
      // By index, for the reason that `handToHandlers` gives.
      const rest = this.#rest;
      for (let at = 0; at < rest.length; at++) {
        const step = rest[at]!;
        text += step.before + renderField(step, step.read?.(record), record, readField);
      }
      return this.#end === "" ? text : text + this.#end;
    } catch (error) {
      throw fieldNotFound(error);
    }
  }

  #renderHead(record: LogRecord, readField: ReadField): string {
    let isSame = true;
    const head = this.#head;
    for (let at = 0; at < head.length; at++) {
      const step = head[at]!;
      const value = step.read(record);
      if (value === step.last) continue;
      isSame = false;
      step.last = value;
    }
    if (!isSame) return this.#renewHead(record, readField);
    if (!this.#isFlat) {
      flat(this.#headText);
      this.#isFlat = true;
    }
    return this.#headText;
  }

  #renewHead(record: LogRecord, readField: ReadField): string {
    // The text of an object may log, and so come here with another record.
    const values = this.#head.map(({ last }) => last);
    try {
      let text = "";
      for (const [at, step] of this.#head.entries()) {
        text += step.before + renderField(step, values[at], record, readField);
      }
      for (const [at, step] of this.#head.entries()) {
        const value = values[at];
        // An object may change and stay the same object, so its text cannot be kept.
        step.last = typeof value === "string" || typeof value === "number" ? value : NOTHING;
      }
      this.#isFlat = false;
      return this.#headText = text;
    } catch (error) {
      for (const step of this.#head) step.last = NOTHING;
      throw error;
    }
  }
}

/** The same field with control characters escaped, before it is padded and in its result. */
function escaping(part: FieldPart): FieldPart {
  return {
    ...part,
    isPlain: false,
    render: (value, get) =>
      visible(part.render(typeof value === "string" ? visible(value) : value, get)),
  };
}

function renderField(
  step: Step,
  value: unknown,
  record: LogRecord,
  readField: ReadField,
): string {
  if (typeof value === "string") return step.isPlain ? value : step.render(value);
  if (typeof value === "number") return step.render(value);
  // A field of the program's own, one whose spec reads others, or one that is not as usual.
  const { name, render } = step;
  const read = name === "" ? undefined : readField(record, name);
  return render(read, (other) => readField(record, other));
}
