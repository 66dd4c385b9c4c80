import { setField } from "../../core/records/extra_fields.ts";
import { isError, readOrTell } from "../../core/values/thrown.ts";

/** Keys that the result of pino's serializer always has. */
const OWN = ["type", "message", "stack"];

/**
 * The error of which a serializer has made an object, so that it becomes the record's error and not a
 * mere field. It is the error itself if the object refers to it, as pino's own serializer does, else
 * an error with the same texts. Undefined if the object does not look like an error.
 */
export function serializedError(value: unknown): Error | undefined {
  if (isError(value)) return value;
  if (typeof value !== "object" || value === null) return undefined;
  const raw = readOrTell(value, "raw");
  if (isError(raw)) return raw;
  const [type, message, stack] = OWN.map((name) => readOrTell(value, name));
  if (typeof message !== "string" || typeof stack !== "string") return undefined;
  const error = new Error(message);
  if (typeof type === "string") hidden(error, "name", type);
  hidden(error, "stack", stack);
  for (const name of Object.keys(value)) {
    if (!OWN.includes(name)) setField(error, name, readOrTell(value, name));
  }
  return error;
}

/** Sets a property that errors do not list. */
function hidden(error: Error, name: string, value: string): void {
  Object.defineProperty(error, name, { value, configurable: true, writable: true });
}
