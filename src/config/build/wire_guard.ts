import { isRefusedUnasked } from "../../core/handlers/build_scope.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { type FilterLike, filtersOf } from "../../core/filters/filter.ts";
import { isRedaction, type Redaction } from "../../core/filters/redaction.ts";
import { Handler, livingHandlers } from "../../core/handlers/handler.ts";
import { permissionFlag } from "../../core/io/permission_flag.ts";
import { RedactFilter, redactionOf } from "../../filters/redact_filter.ts";
import { FileHandler } from "../../handlers/files/file_handler.ts";
import { absolutePath } from "../../handlers/files/absolute_path.ts";
import { isClassOf } from "./given_class.ts";
import { describeOrigin, type Origin } from "./origins.ts";
import { indexOfParameter } from "./parameters.ts";
import type { Recipe } from "./recipe.ts";
import type { Registry } from "./registry.ts";
import type { ObjectSpec, PartKind } from "../spec/config_spec.ts";
import { type Call, mayMakeHandler, SIGNED, WAY_OUT } from "./wire_policy.ts";

/** Most backups that a configuration from outside may ask for: each rollover renames them all. */
const MAX_BACKUPS = 10_000;

/** Where a configuration from outside comes from, and what it may do. */
export interface WireOptions {
  /** Whether it is signed, or the program's own function has let it through. */
  readonly isTrusted: boolean;
  /** Whether it is a file of the program's own: it may do what the program may. */
  readonly isOwn?: boolean;
  /** Handler classes that it may use even if it is not trusted. */
  readonly wireHandlers: readonly string[];
  /** Handlers that the program has set up itself. */
  readonly own: () => Iterable<Handler>;
  /** The tree of loggers. */
  readonly manager: {
    loggers(): Iterable<{ readonly name: string; readonly filters: readonly FilterLike[] }>;
  };
}

/** Looks at what a configuration from outside would make, before anything of it is made. */
export class WireGuard {
  readonly #options: WireOptions;
  readonly #registry: Registry;
  #own: readonly Call[] | undefined;
  #redactions: readonly Redaction[] | undefined;
  #ofLoggers: ReadonlyMap<string, readonly FilterLike[]> | undefined;

  /** Names mean what they mean in `registry`. */
  constructor(options: WireOptions, registry: Registry) {
    this.#options = options;
    this.#registry = registry;
  }

  /** Whether it is a file of the program's own. */
  get isOwn(): boolean {
    return this.#options.isOwn === true;
  }

  /**
   * Makes sure that a part may be made.
   *
   * @throws {ConfigError} With the rule, and the way out.
   */
  check(kind: PartKind, spec: ObjectSpec, recipe: Recipe): void {
    if (this.isOwn) return;
    const call = this.#callOf(recipe.origin, recipe.type);
    // A handler also filters records, so that it could pass for a filter.
    const isHandler = kind === "handler" || isClassOf(call.type, Handler);
    if (isHandler) checkBackups(spec, call);
    this.#checkRights(kind, spec, call, isHandler);
    // This comes last, since it looks at files with the program's rights, which not every sender has.
    if (isClassOf(call.type, FileHandler)) checkFile(spec, call);
    if (isClassOf(call.type, RedactFilter)) this.#checkPatterns(spec, recipe);
  }

  /**
   * The redactions of the program's own handlers. Handlers that senders put in the place of these get
   * them as well, so that nobody without a key can have the secrets shown.
   */
  get redactions(): readonly Redaction[] {
    return this.#redactions ??= this.#options.isTrusted
      ? []
      : [...new Set([...this.#options.own()].flatMap((one) => filtersOf(one).filter(isRedaction)))];
  }

  /**
   * The filters of a handler or logger, with the redactions added behind them. A redaction is left out
   * if an equal one is there: otherwise a sender that sends back the running configuration would add
   * one with each change. `before` are filters that stay.
   */
  withRedactions(
    filters: readonly FilterLike[],
    before: readonly FilterLike[] = [],
  ): FilterLike[] {
    const all: FilterLike[] = [];
    // Filters of another kind may change a record: only redactions behind the last of them count.
    const done = new Set<string>();
    for (const filter of [...before, ...filters, ...this.redactions]) {
      const does = redactionOf(filter);
      if (all.length >= before.length && does !== undefined && done.has(does)) continue;
      all.push(filter);
      if (does === undefined) done.clear();
      else done.add(does);
    }
    return all.slice(before.length);
  }

  /** The filters that a logger has, which stay. */
  filtersOf(logger: string): readonly FilterLike[] {
    this.#ofLoggers ??= new Map(
      [...this.#options.manager.loggers()].map(({ name, filters }) => [name, filters]),
    );
    return this.#ofLoggers.get(logger) ?? [];
  }

  /** Refuses a sender's own patterns: some take hours for a short text, in the call that logs it. */
  #checkPatterns(spec: ObjectSpec, { parameters, bound }: Recipe): void {
    const at = indexOfParameter(parameters, "patterns");
    const patterns = bound[at];
    if (this.#options.isTrusted || !Array.isArray(patterns)) return;
    const ofLoggers = [...this.#options.manager.loggers()].flatMap(({ filters }) => filters);
    const own = [...this.redactions, ...ofLoggers]
      .flatMap((one) => one instanceof RedactFilter ? one.patterns : []);
    const foreign = patterns.find((pattern) => !own.includes(pattern));
    if (foreign === undefined) return;
    throw new ConfigError(
      `Cannot redact pattern "${String(foreign).slice(0, 100)}": an unsigned change may only ` +
        `have patterns that a RedactFilter of the program has; name paths instead, or ${SIGNED}`,
      { ...spec.place("patterns") },
    );
  }

  #checkRights(kind: PartKind, spec: ObjectSpec, call: Call, isHandler: boolean): void {
    if (this.#options.isTrusted) return;
    const { wireHandlers } = this.#options;
    this.#own ??= [...this.#options.own()].map((one) => this.#ownCall(one));
    const isGood = isHandler
      ? mayMakeHandler(call, { wireHandlers, own: this.#own })
      : call.type !== undefined || wireHandlers.includes(call.name ?? "");
    if (isGood) return;
    const what = call.name === undefined ? "its factory" : `"${call.name}"`;
    const rule = isHandler
      ? `an unsigned change may only have handlers that write to stdout or stderr, or that ` +
        `the program itself has set up just so`
      : "an unsigned change may only use registered classes";
    throw new ConfigError(`Cannot use ${what} in ${kind} "${spec.name}": ${rule}; ${WAY_OUT}`, {
      ...spec.place(spec.factory === undefined ? "class" : "()"),
    });
  }

  /**
   * The arguments by which a part is made: a file that is in use is never emptied, whatever `mode`
   * says.
   */
  arguments({ origin: { kwargs }, type, parameters, bound }: Recipe): readonly unknown[] {
    const at = indexOfParameter(parameters, "mode");
    const mode = kwargs.get("mode");
    if (!isClassOf(type, FileHandler) || at < 0 || typeof mode !== "string") return bound;
    if (!isInUse(kwargs.get("filename"))) return bound;
    return bound.map((value, index) => index === at ? mode.replace(/[wx]/, "a") : value);
  }

  #callOf(origin: Omit<Origin, "name">, type: unknown): Call {
    const { className, factory = origin.type, kwargs, attributes } = origin;
    const isName = typeof factory === "string";
    const name = className ?? (isName ? factory : this.#registry.nameOf(factory));
    return { type, name, kwargs, attributes };
  }

  /** How a handler of the program was made; one that cannot be described equals no other. */
  #ownCall(handler: Handler): Call {
    const origin = describeOrigin(handler, this.#registry);
    return this.#callOf(origin, this.#registry.handler(origin.className ?? "")?.type);
  }
}

function checkBackups(spec: ObjectSpec, { kwargs }: Call): void {
  const count = kwargs.get("backupCount");
  if (count === undefined || Number(count) <= MAX_BACKUPS) return;
  throw new ConfigError(
    `Cannot keep ${String(count).slice(0, 30)} backups: a change from outside may ask for ` +
      `${MAX_BACKUPS} at most`,
    { ...spec.place("backupCount") },
  );
}

/** Refuses named pipes, which wait for a reader when they are opened, and devices. */
function checkFile(spec: ObjectSpec, { kwargs }: Call): void {
  const filename = kwargs.get("filename");
  const isPath = typeof filename === "string" || filename instanceof URL;
  // The class itself refuses a value that is no path.
  if (!isPath || isInUse(filename)) return;
  const problem = whyNotRegular(absolutePath(filename));
  if (problem === undefined) return;
  throw new ConfigError(
    `Cannot log to "${String(filename).slice(0, 300)}": ${problem}, and a change from outside ` +
      "may only name regular files, or what the program has open",
    { ...spec.place("filename") },
  );
}

function whyNotRegular(path: string): string | undefined {
  try {
    if (isRefusedUnasked({ name: "read", path })) throw new Deno.errors.NotCapable();
    return Deno.statSync(path).isFile ? undefined : "it is no regular file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotCapable) {
      return `it may not be read to see what it is, add ${permissionFlag("read", path)}`;
    }
    // A folder on the way may not be entered, for instance: then opening the file fails as well, and
    // tells so.
    return undefined;
  }
}

/** Whether a handler that may still be used writes to the file. */
function isInUse(filename: unknown): boolean {
  if (typeof filename !== "string" && !(filename instanceof URL)) return false;
  let path: string;
  try {
    path = absolutePath(filename);
  } catch {
    // The class itself tells what is wrong with the name.
    return false;
  }
  return livingHandlers().some((one) => one instanceof FileHandler && one.baseFilename === path);
}
