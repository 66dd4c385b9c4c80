import { nearest } from "../../core/errors/suggest.ts";
import type { PartKind } from "../spec/config_spec.ts";
import { withoutComment } from "../spec/text_values.ts";
import { HANDLER_NAMES, lastPart, SUBPATHS } from "./builtin_names.ts";

/** Modules whose classes are all known here: an unknown name in one of them is misspelt. */
const KNOWN_MODULES =
  /^(?:logging|logdial|handlers|pythonjsonlogger|colorlog|coloredlogs|uvicorn)\./;

/**
 * The known class that may have been meant by an unknown one; undefined if none is near. `registered`
 * are the names of that kind; `isIni` tells a `.conf` from a dict.
 */
export function nearClass(
  kind: PartKind,
  name: string,
  isIni: boolean,
  registered: readonly string[],
): string | undefined {
  const bare = withoutComment(name);
  if (bare !== name) return bare;
  if (SUBPATHS.has(name)) return undefined;
  const more = kind !== "handler" ? [] : isIni ? HANDLER_NAMES : SUBPATHS.keys();
  const names = [...more, ...registered].filter((known) => known !== name);
  if (name.includes(".") && !KNOWN_MODULES.test(name)) {
    // A class of a program's own module may resemble a known one by chance, but not in all letters
    // except one.
    return nearest(name, names.filter((known) => KNOWN_MODULES.test(known)), 1);
  }
  const wanted = lastPart(name).toLowerCase();
  const same = names.filter((known) => lastPart(known).toLowerCase() === wanted);
  // Only a `.conf` may leave out `logging.`.
  const isLong = !isIni || name.startsWith("logging.");
  return same.find((known) => known.startsWith("logging.") === isLong) ?? same[0] ??
    nearest(name, names, 4);
}
