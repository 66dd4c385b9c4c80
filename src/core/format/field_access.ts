import { isPlainObject, pyRepr, pythonError, typeName } from "../python/py_repr.ts";
import { itemsOfTuple } from "./py_field.ts";

/** Compiles the `.name` and `[key]` steps after a field name; undefined if there are none. */
export function compileAccess(path: string): ((value: unknown) => unknown) | undefined {
  if (path === "") return undefined;
  const steps: ((value: unknown) => unknown)[] = [];
  function end(defect: string): void {
    steps.push(() => {
      throw pythonError("ValueError", defect);
    });
  }
  let at = 0;
  while (at < path.length) {
    const attribute = path[at] === ".";
    if (!attribute && path[at] !== "[") {
      end("Only '.' or '[' may follow ']' in format field specifier");
      break;
    }
    const start = at + 1;
    const close = attribute
      ? start + /^[^.[]*/.exec(path.slice(start))![0].length
      : path.indexOf("]", start);
    if (close < 0) {
      end("Missing ']' in format string");
      break;
    }
    const name = path.slice(start, close);
    if (name === "") {
      end("Empty attribute in format string");
      break;
    }
    steps.push(attribute ? (value) => attributeOf(value, name) : itemStep(name));
    at = attribute ? close : close + 1;
  }
  return (value) => {
    let item = value;
    for (const step of steps) item = step(item);
    return item;
  };
}

function attributeOf(value: unknown, name: string): unknown {
  // Differs from CPython: an object literal stands for an object and for a dict. What every object
  // inherits is no data; texts and lists have no attributes that they have in Python, too.
  if (
    typeof value === "object" && value !== null && !Array.isArray(value) && name in value &&
    !(name in Object.prototype)
  ) return (value as Record<string, unknown>)[name];
  throw pythonError("AttributeError", `'${typeName(value)}' object has no attribute '${name}'`);
}

function itemStep(key: string): (value: unknown) => unknown {
  const index = decimalIndex(key);
  return (value) => itemOf(value, key, index);
}

function itemOf(value: unknown, key: string, index: number | undefined): unknown {
  const tuple = itemsOfTuple(value);
  if (typeof value === "string" || Array.isArray(value) || tuple !== undefined) {
    const text = typeof value === "string";
    const type = text ? "string" : tuple ? "tuple" : "list";
    if (index === undefined) {
      throw pythonError(
        "TypeError",
        text
          ? "string indices must be integers, not 'str'"
          : `${type} indices must be integers or slices, not str`,
      );
    }
    const items: readonly unknown[] = text ? Array.from(value) : tuple ?? value as unknown[];
    if (index < items.length) return items[index];
    throw pythonError("IndexError", `${type} index out of range`);
  }
  if (value instanceof Map) {
    if (index !== undefined && value.has(index)) return value.get(index);
    if (value.has(key)) return value.get(key);
    throw pythonError("KeyError", index === undefined ? pyRepr(key) : String(index));
  }
  if (typeof value === "object" && value !== null && isPlainObject(value)) {
    if (Object.hasOwn(value, key)) return value[key];
    throw pythonError("KeyError", index === undefined ? pyRepr(key) : String(index));
  }
  throw pythonError("TypeError", `'${typeName(value)}' object is not subscriptable`);
}

/** Value of a text that is all decimal digits, else undefined. */
export function decimalIndex(text: string): number | undefined {
  return /^[0-9]+$/.test(text) ? Number(text) : undefined;
}
