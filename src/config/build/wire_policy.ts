import { nearest } from "../../core/errors/suggest.ts";
import { checkLevel } from "../../core/levels/levels.ts";
import { stderr, stdout } from "../../core/io/std_stream.ts";
import { absolutePath } from "../../handlers/files/absolute_path.ts";
import { RotatingFileHandler } from "../../handlers/files/rotating_file_handler.ts";
import { FingersCrossedHandler } from "../../handlers/queues/fingers_crossed_handler.ts";
import { MemoryHandler } from "../../handlers/queues/memory_handler.ts";
import { NullHandler } from "../../handlers/null_handler.ts";
import { RingHandler } from "../../handlers/rings/ring_handler.ts";
import { StreamHandler } from "../../handlers/stream_handler.ts";
import { HANDLER_NAMES, lastPart } from "./builtin_names.ts";
import { isSameValue } from "./same_value.ts";

/** A class, with the arguments that it gets, or got, by name. */
export interface Call {
  /** The class, undefined for a factory of the program. */
  readonly type: unknown;
  /** Registered name of the class or factory. */
  readonly name: string | undefined;
  /** The arguments that were given. */
  readonly kwargs: ReadonlyMap<string, unknown>;
  /** Attributes that are set on what it makes. */
  readonly attributes: ReadonlyMap<string, unknown>;
}

/** The handlers that unsigned configurations may make, beside those for stdout and stderr. */
export interface WirePolicy {
  /** Names of handler classes: the option `wireHandlers` of `listen`. */
  readonly wireHandlers: readonly string[];
  /** How the program's own handlers were made. */
  readonly own: readonly Call[];
}

/** The way out by a signature, for refusals. */
export const SIGNED =
  'sign the change (option "key" of listen), let the program check it (option "verify")';
/** The ways out if the program may also list the class. */
export const WAY_OUT: string =
  `${SIGNED}, or have the program name the class in "wireHandlers" (LOGDIAL_WIRE_HANDLERS)`;

/**
 * Whether a configuration that is neither signed nor verified may make this handler. Others than the
 * program's owner can send such a configuration. It may have handlers that write to stdout, stderr or
 * nowhere, handlers of classes that the program lists, and handlers just like those that the program
 * itself has set up.
 */
export function mayMakeHandler(wanted: Call, { wireHandlers, own }: WirePolicy): boolean {
  if (wanted.name !== undefined && isListed(wanted.name, wireHandlers)) return true;
  // Attributes set after the making could turn it into anything, such as a file of another name.
  if (wanted.type === undefined || wanted.attributes.size > 0) return false;
  return writesNowhereElse(wanted) || own.some((one) => isEqual(wanted, one));
}

/** As in a `.conf`, `logging.` may be left out. */
function isListed(name: string, names: readonly string[]): boolean {
  return names.some((listed) => listed === name || `logging.${listed}` === name);
}

/**
 * The registered handler class that a listed name probably means, if the name itself is not
 * registered. A program may register a class later: so a name is not taken for one of ours that
 * differs in the module only.
 */
export function meantHandler(name: string, registered: readonly string[]): string | undefined {
  const known = [...registered, ...HANDLER_NAMES];
  if (known.includes(name)) return undefined;
  const isOurs = !name.includes(".") || /^(logging|handlers|logdial)\./.test(name);
  const alike = isOurs && known.find((one) => lastPart(one) === lastPart(name));
  return alike || nearest(name, known, 2);
}

function writesNowhereElse({ type, kwargs }: Call): boolean {
  if (type === NullHandler) return true;
  if (type === FingersCrossedHandler) return isHarmlessTarget(kwargs.get("target"));
  if (type !== StreamHandler && type !== RingHandler) return false;
  const stream = kwargs.get("stream") ?? stderr;
  return stream === stdout || stream === stderr;
}

/**
 * Whether anyone may have a handler to which another one writes. A handler that a `.conf` names as
 * `target=` is not known here: the configuration makes it too, so it is checked itself.
 */
function isHarmlessTarget(target: unknown): boolean {
  if (target === undefined || target === null || target instanceof NullHandler) return true;
  const type = typeof target === "object" ? target.constructor : undefined;
  const { stream } = target as { stream?: unknown };
  return (type === StreamHandler || type === RingHandler) &&
    (stream === stdout || stream === stderr);
}

/** Whether class and arguments are the same; level, formatter and filters do not count. */
function isEqual(wanted: Call, own: Call): boolean {
  if (wanted.type !== own.type || own.attributes.size > 0) return false;
  const left = completed(wanted), right = completed(own);
  return [...new Set([...left.keys(), ...right.keys()])].every((key) =>
    isSameValue(left.get(key), right.get(key))
  );
}

/** Defaults of the built-in classes' parameters; a parameter that is not listed has none. */
const DEFAULTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["mode", "a"],
  ["delay", false],
  ["maxBytes", 0],
  ["backupCount", 0],
  ["when", "H"],
  ["interval", 1],
  ["utc", false],
  ["flushLevel", 40],
  ["flushOnClose", true],
  ["address", ["localhost", 514]],
  ["facility", 1],
  ["rfc5424", false],
  ["method", "GET"],
  ["secure", false],
  ["level", 0],
]);

/**
 * The arguments in one comparable form: defaults filled in, paths absolute, meaningless ones left
 * out.
 */
function completed({ type, kwargs }: Call): Map<string, unknown> {
  const all = new Map<string, unknown>();
  for (const [key, value] of kwargs) {
    const one = inOneForm(key, value);
    const isSaid = one !== undefined && one !== null && !isSameValue(one, DEFAULTS.get(key));
    if (isSaid) all.set(key, one);
  }
  const target = all.get("target");
  // The configuration makes the target too, so it is checked itself.
  if (type === MemoryHandler && target !== undefined) all.set("target", true);
  // With a size to roll over at, the class appends whatever it is told.
  if (type === RotatingFileHandler && Number(all.get("maxBytes") ?? 0) > 0) all.delete("mode");
  return all;
}

function inOneForm(key: string, value: unknown): unknown {
  switch (key) {
    case "filename":
      return typeof value === "string" || value instanceof URL ? absolutePath(value) : value;
    case "when":
    case "method":
      return typeof value === "string" ? value.toUpperCase() : value;
    case "delay":
    case "utc":
    case "rfc5424":
    case "flushOnClose":
      return Boolean(value);
    case "secure":
      // `secure` of mails is a list of files; an empty list means encryption, too.
      return Array.isArray(value) ? value : Boolean(value);
    case "flushLevel":
      return levelNumber(value);
    default:
      return value;
  }
}

function levelNumber(value: unknown): unknown {
  try {
    return checkLevel(value);
  } catch {
    // The class itself will refuse the value.
    return value;
  }
}
