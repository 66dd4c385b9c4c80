import { ConfigError } from "../../core/errors/config_error.ts";
import { isDict, pyRepr } from "../../core/python/py_repr.ts";

/** A text that names a value by `ext://`. */
const EXTERNAL = /^ext:\/\/([^\n]*)$/;

/**
 * A value as Python code, which `parseLiteral` and Python read back to the same value. `ext://name`
 * becomes the name, as it is written inside the module `logging`.
 *
 * @throws {ConfigError} A value that has no such form.
 */
function pythonLiteral(value: unknown): string {
  switch (typeof value) {
    case "string": {
      const [, name] = EXTERNAL.exec(value) ?? [];
      return name === undefined ? pyRepr(value) : name.replace(/^logging\./, "");
    }
    case "boolean":
      return value ? "True" : "False";
    case "number":
      if (Number.isFinite(value)) return Object.is(value, -0) ? "-0.0" : pyRepr(value);
      break;
    case "bigint":
      return String(value);
    case "object":
      if (value === null) return "None";
      if (Array.isArray(value)) return tupleLiteral(value);
      if (isDict(value)) return dictLiteral(Object.entries(value));
  }
  throw new ConfigError(`Cannot print ${pyRepr(value)} as a Python literal`);
}

/** A tuple of values. */
export function tupleLiteral(items: readonly unknown[]): string {
  return `(${items.map(pythonLiteral).join(", ")}${items.length === 1 ? "," : ""})`;
}

/** A dict of values. */
export function dictLiteral(entries: readonly (readonly [string, unknown])[]): string {
  const pairs = entries.map(([key, value]) => `${pyRepr(key)}: ${pythonLiteral(value)}`);
  return `{${pairs.join(", ")}}`;
}
