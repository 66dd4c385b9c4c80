import { jsonOf } from "../../core/format/json_value.ts";
import type { MergedMessage } from "../../core/records/log_options.ts";
import { templateOf } from "./template_of.ts";

/**
 * A value that a message shows as JSON. It is an argument of the record, so that filters which
 * take secrets out look into it.
 */
class ShownAsJson {
  readonly #value: object;

  constructor(value: object) {
    this.#value = value;
  }

  toJSON(): object {
    return this.#value;
  }

  toString(): string {
    try {
      return JSON.stringify(this.#value) ?? jsonOf(this.#value);
    } catch {
      // The value may be circular, for which our own JSON has a word.
      return jsonOf(this.#value);
    }
  }
}

/**
 * Takes a message as pino does: `%s`, `%d` and `%f`, `%i`, `%o`, `%O` and `%j`. A placeholder that
 * its argument does not fit stays as it is, and `%%` is a percent sign. Says how many of the
 * arguments the placeholders have taken.
 */
export function formatPino(
  message: string,
  args: readonly unknown[],
): MergedMessage & { readonly taken: number } {
  // As in pino, a message without arguments is a text as it is.
  if (args.length === 0) return { msg: message, args, taken: 0 };
  const texts: string[] = [], values: unknown[] = [];
  let taken = 0, text = "", end = 0;
  for (let at = message.indexOf("%"); at >= 0; at = message.indexOf("%", end)) {
    const kind = message[at + 1];
    if (kind === undefined) break;
    const shown = kind === "%" || taken >= args.length ? undefined : shownAs(kind, args[taken++]);
    text += message.slice(end, at);
    end = at + 2;
    if (shown === undefined) text += kind === "%" ? "%" : `%${kind}`;
    else {
      values.push(shown);
      texts.push(text);
      text = "";
    }
  }
  texts.push(text + message.slice(end));
  return { ...templateOf(texts, values), taken };
}

/** Values in the place of a message, side by side. */
export function besides(values: readonly unknown[]): MergedMessage {
  const texts = values.map((_, at) => at === 0 ? "" : " ");
  return templateOf([...texts, ""], values.map(asJson));
}

/** The value that is shown for an argument; undefined if the placeholder does not fit it. */
function shownAs(kind: string, value: unknown): unknown {
  switch (kind) {
    case "s":
      return String(value);
    case "d":
    case "f":
      return value === undefined || value === null ? undefined : String(Number(value));
    case "i":
      return value === undefined || value === null ? undefined : String(Math.floor(Number(value)));
    case "o":
    case "O":
    case "j":
      return value === undefined ? undefined : asJson(value);
    default:
      return undefined;
  }
}

/** A value as JSON, whatever it is; texts and functions as pino shows them. */
function asJson(value: unknown): unknown {
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "function") return value.name || "<anonymous>";
  return typeof value === "object" && value !== null ? new ShownAsJson(value) : jsonOf(value);
}
