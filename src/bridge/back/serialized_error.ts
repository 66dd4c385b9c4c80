import { setField } from "../../core/records/extra_fields.ts";
import { isError, readOrTell } from "../../core/values/thrown.ts";

/** What pino's serializer of errors gives, as far as all of them have it. */
const OWN = ["type", "message", "stack"];

/**
 * The error that a serializer has made an object of, so that it is a record's error and not a mere
 * field: the very one where the object tells it, as pino's own serializer does, else one with the
 * same texts. Undefined where the object does not look like one.
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
