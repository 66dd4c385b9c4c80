import { pythonError } from "../python/py_repr.ts";

/** Reads a field of the record at hand; throws an error named `KeyError` if there is none. */
export type FieldGetter = (name: string) => unknown;

/** A place in a format where text is made while formatting. */
export interface FieldPart {
  /** The field to read first; empty for a part that only throws what CPython throws here. */
  readonly name: string;
  /** Text for the field's value; `get` is needed where a spec has fields of its own (`{message:{width}}`). */
  readonly render: (value: unknown, get?: FieldGetter) => string;
  /** Whether a string is its own text. */
  readonly isPlain?: boolean;
  /** Whether the spec has fields of its own. */
  readonly readsMore?: boolean;
}

/** A record format, ready for use. */
export interface FormatParts {
  /** Names of the fields that the format mentions. */
  readonly fields: ReadonlySet<string>;
  /** Whether CPython would compute `asctime` for it. */
  readonly usesTime: boolean;
  /** Literal texts and fields, whatever style they were written in. */
  readonly parts: readonly (string | FieldPart)[];
}

/** The `ValueError` that CPython makes of a `KeyError`; any other error as it is. */
export function fieldNotFound(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "KeyError") return error;
  return pythonError("ValueError", `Formatting field not found in record: ${error.message}`);
}

/** Joins literal texts and the texts of the fields that `get` reads. */
export function renderParts(parts: readonly (string | FieldPart)[], get: FieldGetter): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else text += part.render(part.name === "" ? undefined : get(part.name), get);
  }
  return text;
}

/** A part that stands for a defect which CPython notices only here, while formatting. */
export function failingPart(error: () => Error): FieldPart {
  return {
    name: "",
    render: () => {
      throw error();
    },
  };
}

/** What CPython's `validate()` says about a format that mentions no field. */
export function noFieldsError(): Error {
  return pythonError("ValueError", "invalid format: no fields");
}
