import { quote } from "../../core/errors/quote.ts";
import { suggestOrList } from "../../core/errors/suggest.ts";
import { visible } from "../../core/text/visible.ts";
import { INVALID_PARAMS, RpcError } from "./rpc_error.ts";

/** What an argument must be, as JSON Schema says it. */
export type ArgumentSchema =
  & { readonly description: string }
  & (
    | { readonly type: "string"; readonly minLength?: number; readonly maxLength: number }
    | { readonly type: "integer"; readonly minimum: number; readonly maximum: number }
    | {
      readonly type: "object";
      readonly minProperties: number;
      readonly maxProperties: number;
      readonly additionalProperties: { readonly type: "string"; readonly maxLength: number };
    }
  );

/** What the arguments of a tool must be. */
export interface ArgumentsSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, ArgumentSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** The arguments of a tool, checked. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  private constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /**
   * Checks the arguments that a client has given to a tool.
   *
   * @throws {RpcError} It does not fit the schema.
   */
  static read(tool: string, values: unknown, schema: ArgumentsSchema): Arguments {
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw new RpcError(INVALID_PARAMS, `Cannot call tool "${tool}": arguments must be an object`);
    }
    const { properties, required = [] } = schema;
    for (const [name, value] of Object.entries(values)) {
      const rule = Object.hasOwn(properties, name)
        ? ruleBroken(value, properties[name]!)
        : `it is unknown, ${suggestOrList(name, Object.keys(properties))}`;
      if (rule !== undefined) {
        const text = `Cannot use ${quote(name)}, ${quote(value)}: ${rule}`;
        throw new RpcError(INVALID_PARAMS, visible(text));
      }
    }
    const missing = required.find((name) => !Object.hasOwn(values, name));
    if (missing === undefined) return new Arguments(values as Record<string, unknown>);
    throw new RpcError(INVALID_PARAMS, `Cannot call tool "${tool}": "${missing}" is required`);
  }

  /** A text; undefined if it is left out. */
  text(name: string): string | undefined {
    return this.#values[name] as string | undefined;
  }

  /** A whole number. */
  number(name: string): number | undefined {
    return this.#values[name] as number | undefined;
  }

  /** Texts by name. */
  texts(name: string): Readonly<Record<string, string>> | undefined {
    return this.#values[name] as Readonly<Record<string, string>> | undefined;
  }

  /**
   * Reads an argument by `read`.
   *
   * @throws {RpcError} `read` throws.
   */
  read<T>(name: string, read: (value: string) => T): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    try {
      return read(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RpcError(INVALID_PARAMS, visible(`Cannot use "${name}": ${reason}`));
    }
  }
}

/** The rule that a value breaks; undefined if it is good. */
function ruleBroken(value: unknown, schema: ArgumentSchema): string | undefined {
  switch (schema.type) {
    case "string": {
      const { minLength = 1, maxLength } = schema;
      const isGood = typeof value === "string" && value.length >= minLength &&
        value.length <= maxLength;
      return isGood ? undefined : `it must be a text of ${minLength} to ${maxLength} characters`;
    }
    case "integer": {
      const { minimum, maximum } = schema;
      const isGood = Number.isInteger(value) && Number(value) >= minimum &&
        Number(value) <= maximum;
      return isGood ? undefined : `it must be a whole number, ${minimum} to ${maximum}`;
    }
    case "object": {
      const { minProperties, maxProperties, additionalProperties: { maxLength } } = schema;
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      const all = isObject ? Object.entries(value) : [];
      const isGood = isObject && all.length >= minProperties && all.length <= maxProperties &&
        all.every(([name, one]) =>
          typeof one === "string" && one.length <= maxLength && name.length <= maxLength
        );
      if (isGood) return undefined;
      return `it must be an object of ${minProperties} to ${maxProperties} texts of up to ` +
        `${maxLength} characters by name`;
    }
  }
}
