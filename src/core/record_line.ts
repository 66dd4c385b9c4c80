import { type CompiledFormat, fieldNotFound, type FieldPart } from "./format/compiled_format.ts";
import type { LogRecord } from "./record.ts";
import { RECORD_FIELDS } from "./record_fields.ts";

/** Reads a field of the record under any name; throws an error named `KeyError` if there is none. */
export type ReadField = (record: LogRecord, name: string) => unknown;

/** A text of the format, with the field behind it. */
interface Step {
  readonly before: string;
  readonly name: string;
  /** Undefined for a field that not every record has. */
  readonly read: ((record: LogRecord) => unknown) | undefined;
  readonly render: FieldPart["render"];
  readonly isPlain: boolean;
}

/** A format made ready for records: what can be known before there is one is looked up here. */
export class RecordLine {
  readonly #steps: readonly Step[];
  readonly #end: string;

  /** Takes a format of any style. */
  constructor(format: CompiledFormat) {
    const steps: Step[] = [];
    let before = "";
    for (const part of format.parts) {
      if (typeof part === "string") {
        before += part;
        continue;
      }
      const { name, render, isPlain = false } = part;
      steps.push({ before, name, read: RECORD_FIELDS.get(name), render, isPlain });
      before = "";
    }
    this.#steps = steps;
    this.#end = before;
  }

  /**
   * The record's line.
   *
   * @throws {Error} `ValueError` that names the field which the record does not have.
   */
  render(record: LogRecord, readField: ReadField): string {
    let text = "";
    try {
      for (const step of this.#steps) {
        text += step.before;
        const value = step.read?.(record);
        if (typeof value === "string") text += step.isPlain ? value : step.render(value);
        else if (typeof value === "number") text += step.render(value);
        else text += renderOther(step, record, readField);
      }
    } catch (error) {
      throw fieldNotFound(error);
    }
    return text + this.#end;
  }
}

/** A field of the program's own, or one that is not as usual. */
function renderOther({ name, render }: Step, record: LogRecord, readField: ReadField): string {
  const value = name === "" ? undefined : readField(record, name);
  return render(value, (other) => readField(record, other));
}
