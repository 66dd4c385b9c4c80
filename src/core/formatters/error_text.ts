import { quietStr } from "../python/py_repr.ts";
import { heard } from "../values/on_rejection.ts";
import { isError, partNames, readOrTell, thrownText } from "../values/thrown.ts";

/** Errors of one record, causes of causes included; those beyond are said to be there. */
const MAX_ERRORS = 100;

/** An error's stack with those of its parts and causes; of one that cannot be read, what can be. */
export function errorText(error: unknown): string {
  try {
    return textWithCauses(error, new Set());
  } catch (thrown) {
    // Such as a proxy that cannot be asked twice: the line stays.
    return `[throws: ${thrownText(thrown)}]`;
  }
}

function textWithCauses(error: unknown, seen: Set<unknown>): string {
  if (!isError(error)) return quietStr(error);
  if (seen.has(error)) return `[circular cause: ${thrownText(error)}]`;
  if (seen.size >= MAX_ERRORS) return `[more causes: ${thrownText(error)}]`;
  seen.add(error);
  let text = stackOf(error);
  for (const [name, one] of errorsIn(error)) text += `\n  [${name}] ${textWithCauses(one, seen)}`;
  const cause = readOrTell(error, "cause");
  return cause === undefined ? text : `${text}\nCaused by: ${textWithCauses(cause, seen)}`;
}

function stackOf(error: Error): string {
  try {
    const stack = heard(error, "stack", error.stack);
    return typeof stack === "string" && stack !== "" ? stack : thrownText(error);
  } catch (thrown) {
    return `${thrownText(error)}\n    [its stack throws: ${thrownText(thrown)}]`;
  }
}

/** The errors that an error is made of, by what they are in it. */
function errorsIn(error: Error): readonly (readonly [name: string, error: unknown])[] {
  return partNames(error).flatMap((name) => {
    const part = readOrTell(error, name);
    if (name !== "errors") return [[name, part] as const];
    // The program may have put anything in the place of the list.
    const all: unknown[] = Array.isArray(part) ? part : [part];
    return all.map((one): [string, unknown] => ["error", one]);
  });
}
