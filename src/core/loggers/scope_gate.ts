import { isPlainObject } from "../python/py_repr.ts";
import { type LogOptions, readOptions } from "../records/log_options.ts";
import { type Fields, isFixed, type SharedFields } from "../records/shared_fields.ts";
import { fitsPattern } from "../text/fits_pattern.ts";
import { hashText } from "../text/hash_text.ts";
import { fieldText } from "../values/field_text.ts";
import { joined } from "../records/split_arguments.ts";
import type { Opening } from "./opening.ts";
import type { HandedOptions, LevelScope, ScopeTest } from "./scope.ts";
import { readContext } from "./with_context.ts";

/** Fields of a log call: its own, of its bound logger, of its context. */
type Sources = readonly (Fields | undefined)[];

/** How many calls of the loggers of one name a scope has seen: below their level, and the others. */
interface CallCounts {
  below: number;
  above: number;
}

/** A scope as one logger sees it, perhaps with bound fields. */
class ActiveScope {
  readonly scope: LevelScope;
  /** The scope for calls that the logger's level lets pass; undefined if it does nothing for them. */
  readonly opener: LevelScope | undefined;
  /** Lowest level number that the scope shows of this logger. */
  readonly from: number;
  /** The paths that the bound fields do not decide for ever, with their place in the scope. */
  readonly #open: readonly (readonly [place: number, path: string, text: string])[];
  readonly #bound: Fields | undefined;
  /** The bound fields if they may decide these paths one way now, and another way later. */
  readonly #changing: Fields | undefined;
  /** Whether, by the bound fields, the scope is for none of the logger's calls. */
  readonly isOff: boolean;
  readonly #counts: CallCounts;
  #lastContext: SharedFields | undefined = undefined;
  /** Whether it is for calls in the last context that have no fields of their own. */
  #lastFits = false;

  /** `counts` are the same for all loggers of a name. */
  constructor(
    scope: LevelScope,
    opener: LevelScope | undefined,
    from: number,
    bound: Fields | undefined,
    counts: CallCounts,
  ) {
    this.scope = scope;
    this.opener = opener;
    this.from = from;
    this.#bound = bound;
    this.#counts = counts;
    const { where } = scope.test;
    const told = (path: string) =>
      bound && isFixedAt(bound, path) ? fieldText(bound, path) : undefined;
    this.isOff = where.some(([path, text]) => (told(path) ?? text) !== text);
    this.#open = where.map(([path, text], place) => [place, path, text] as const)
      .filter(([, path]) => told(path) === undefined);
    const isChanging = bound && this.#open.some(([, path]) => !isFixedAt(bound, path));
    this.#changing = isChanging ? bound : undefined;
  }

  /** Whether it may be for a call, by the bound fields, `own` and the context. */
  mayAdmit(own: Fields | undefined, context: SharedFields | undefined): boolean {
    return !this.isOff && this.#hasAll(own, context);
  }

  /** Whether it is for a call; `isAbove` says that the level lets that pass. */
  admits(
    isAbove: boolean,
    own: Fields | undefined,
    context: SharedFields | undefined,
    msg: unknown,
    args: readonly unknown[],
  ): boolean {
    if (this.isOff) return false;
    if (this.#open.length > 0 && !this.#hasAll(own, context)) return false;
    const { match, sample } = this.scope.test;
    if (match !== undefined && !fitsPattern(writtenMessage(msg, args), match)) return false;
    if (sample === undefined) return true;
    return this.#isSampled(sample, isAbove, [own, this.#bound, context?.values]);
  }

  /** Whether the fields fit; kept for the last context, since most calls have no own fields. */
  #hasAll(own: Fields | undefined, context: SharedFields | undefined): boolean {
    if (own !== undefined || this.#changing !== undefined) return this.#fits(own, context);
    if (context === undefined) return this.#open.length === 0;
    if (context !== this.#lastContext || !context.isFixed) {
      this.#lastFits = this.#fits(own, context);
      this.#lastContext = context;
    }
    return this.#lastFits;
  }

  #fits(own: Fields | undefined, context: SharedFields | undefined): boolean {
    const told = context === undefined ? NO_TEXTS : textsIn(context, this.scope.test);
    for (let at = 0; at < this.#open.length; at++) {
      const one = this.#open[at]!;
      const bound = this.#changing === undefined ? undefined : fieldText(this.#changing, one[1]);
      const said = bound ?? (own === undefined ? undefined : fieldText(own, one[1]));
      if ((said ?? told[one[0]]) !== one[2]) return false;
    }
    return true;
  }

  #isSampled(
    { of, by }: NonNullable<ScopeTest["sample"]>,
    isAbove: boolean,
    sources: Sources,
  ): boolean {
    // Both kinds of calls are counted apart: if they alternate, 1 of 2 would else be all of one kind.
    if (by === undefined) return this.#counts[isAbove ? "above" : "below"]++ % of === 0;
    const text = textIn(sources, by);
    return text !== undefined && hashText(text) % of === 0;
  }
}

/** The counts of a scope by the name of the loggers. */
const COUNTS = new WeakMap<LevelScope, Map<string, CallCounts>>();

/** Lets some calls of a logger pass that are below its own level, and opens handlers for some. */
export type CallGate = Pick<ScopeGate, "from" | "below" | "opensFrom" | "find" | "mayPass">;

/** What a gate knows of a logger's own level. */
export interface OwnPass {
  /** No scope shows anything below this level number. */
  readonly least: number;
  /** Lowest level number that passes without a scope. */
  readonly from: number;
  /** The opening that belongs to the level. */
  readonly opening: Opening | undefined;
}

/** The gate that the scopes of a logger make. */
export class ScopeGate {
  readonly #scopes: readonly ActiveScope[];
  /** Lowest level number that the gate may let pass. */
  readonly from: number;
  /** Level number below which the gate has to be asked; Infinity if it opens handlers. */
  readonly below: number;
  /** Lowest level number that passes without the gate. */
  readonly #own: number;
  /** Lowest level number that handlers may be opened for. */
  readonly opensFrom: number;
  /** Whether all scopes open the same handlers: then the first one that fits is enough. */
  readonly #isUniform: boolean;

  /** Makes the gate of a logger of that name, which may have bound fields. */
  constructor(
    scopes: readonly LevelScope[],
    name: string,
    bound: Fields | undefined,
    own: OwnPass,
  ) {
    const active = scopes.map((scope) => {
      const countsOf = COUNTS.get(scope) ?? new Map<string, CallCounts>();
      const counts = countsOf.get(name) ?? { below: 0, above: 0 };
      COUNTS.set(scope, countsOf.set(name, counts));
      const from = Math.max(own.least, scope.level);
      return new ActiveScope(scope, openerOf(scope, from, own), from, bound, counts);
    });
    // The newest scope comes first, since its budget pays.
    this.#scopes = active.filter((one) =>
      !one.isOff && (one.from < own.from || one.opener !== undefined)
    ).reverse();
    this.#own = own.from;
    this.from = Math.min(Infinity, ...this.#scopes.map((one) => one.from));
    const opens = this.#scopes.some(({ opener }) => opener !== undefined);
    this.below = this.#scopes.length === 0 ? -Infinity : opens ? Infinity : own.from;
    const opened = this.#scopes.map(({ scope }) => scope.opening?.from ?? Infinity);
    this.opensFrom = Math.min(Infinity, ...opened);
    const kinds = this.#scopes.map(({ scope: { opening } }) =>
      opening && JSON.stringify([opening.from, opening.handlers])
    );
    this.#isUniform = new Set(kinds).size <= 1;
  }

  /**
   * The scope that lets a call pass which is below the logger's own level, or opens handlers for one
   * that is not; undefined if none does.
   * Fields may be among the options, apart from the message and its arguments.
   */
  find(
    level: number,
    msg: unknown,
    args: readonly unknown[],
    options?: HandedOptions,
  ): LevelScope | undefined {
    let found: LevelScope | undefined;
    try {
      const own = options === undefined
        ? ownFields(msg, args)
        : joined(options.extra, options.fields) ?? ownFields(msg, args);
      const said = options?.inSource ?? { msg, args };
      const context = readContext === undefined ? undefined : readContext();
      const isAbove = level >= this.#own;
      for (let at = 0; at < this.#scopes.length; at++) {
        const active = this.#scopes[at]!, scope = isAbove ? active.opener : active.scope;
        if (scope === undefined || level < active.from) continue;
        if (!active.admits(isAbove, own, context, said.msg, said.args)) continue;
        if (this.#isUniform) return scope;
        found = found === undefined ? scope : openingBoth(found, scope);
      }
    } catch {
      // A proxy may throw: then no scope can be for its fields.
    }
    return found;
  }

  /** Whether it could let a call pass that has these fields, whatever its message. */
  mayPass(level: number, own?: Fields): boolean {
    try {
      const context = readContext?.();
      return this.#scopes.some((active) => level >= active.from && active.mayAdmit(own, context));
    } catch {
      // A proxy may throw, for whose fields no scope is; `isEnabledFor` must not.
      return false;
    }
  }
}

/** Joins two scopes that are both for a call: `paying`, with the handlers that the other opens, too. */
function openingBoth(paying: LevelScope, other: LevelScope): LevelScope {
  const { opening } = paying, more = other.opening;
  if (more === undefined) return paying;
  if (opening === undefined) return { ...paying, opening: more };
  const from = Math.min(opening.from, more.from);
  const handlers = [...opening.handlers, ...more.handlers];
  return { ...paying, opening: { ...opening, from, handlers } };
}

/** The gate of a logger without scopes. */
export const NO_GATE: ScopeGate = new ScopeGate([], "", undefined, {
  least: 0,
  from: 0,
  opening: undefined,
});

/**
 * The scope for calls that the logger's own level lets pass: it opens handlers, and only records that
 * come out thanks to that take its lines. As with a level for all calls, a scope above the logger's
 * level shows nothing more than was shown before.
 */
function openerOf(scope: LevelScope, from: number, own: OwnPass): LevelScope | undefined {
  const { lines } = scope, opening = openingAbove(scope, from, own);
  if (opening === undefined) return undefined;
  const budget = lines && { lines, beneath: 0, wasDisabled: false, openBeneath: Infinity };
  return { ...scope, opening: { ...opening, budget }, lines: undefined, isOpener: true };
}

/** What a scope opens for calls that the logger's own level lets pass; undefined for nothing more. */
export function openingAbove(
  { opening }: Pick<LevelScope, "opening">,
  /** Lowest level number that the scope shows of the logger. */
  from: number,
  own: Pick<OwnPass, "from" | "opening">,
): Opening | undefined {
  if (opening === undefined || from > own.from) return undefined;
  // The opening of the logger's level opens the same handlers for all calls, except the named ones.
  const others = own.opening !== undefined && own.opening.from <= own.from
    ? own.opening
    : undefined;
  if (others !== undefined && opening.handlers.length === 0) return undefined;
  return { from: opening.from, handlers: [...opening.handlers, ...others?.handlers ?? []] };
}

/** Whether what fields have at a path stays as it is: the program may change objects later. */
function isFixedAt(fields: Fields, path: string): boolean {
  for (let dot = path.indexOf(".");; dot = path.indexOf(".", dot + 1)) {
    const name = dot < 0 ? path : path.slice(0, dot);
    if (Object.hasOwn(fields, name) && !isFixed(fields[name])) return false;
    if (dot < 0) return true;
  }
}

const NO_TEXTS: readonly undefined[] = [];
/** Most scopes for which the fields of a context keep their texts. */
const MOST_TOLD = 8;

/** The texts under a scope's paths in the fields of a context; kept, since each call asks for them. */
function textsIn(context: SharedFields, test: ScopeTest): readonly (string | undefined)[] {
  const { told } = context;
  for (let at = 0; at < told.length; at++) {
    const one = told[at]!;
    if (one.by === test) return one.texts;
  }
  const texts = test.where.map(([path]) => fieldText(context.values, path));
  if (context.isFixed) context.told = [...told.length < MOST_TOLD ? told : [], { by: test, texts }];
  return texts;
}

/** The call's own fields, which stand last or first; the other arguments are not read. */
function ownFields(msg: unknown, args: readonly unknown[]): Fields | undefined {
  let extra: Fields | undefined;
  for (let at = args.length - 1; at >= 0; at--) {
    const value = args[at];
    if (typeof value !== "object" || value === null) break;
    if (!isPlainObject(value)) continue;
    const options: LogOptions | undefined = readOptions(value);
    if (options === undefined) return joined(extra, value as Fields);
    extra ??= options.extra;
  }
  const isFirst = typeof msg === "object" && msg !== null && args.length > 0 && isPlainObject(msg);
  return isFirst ? joined(extra, msg as Fields) : extra;
}

/** A message as it is written in the source, with `*` for each value of a template. */
function writtenMessage(msg: unknown, args: readonly unknown[]): string {
  if (typeof msg === "string") return msg;
  if (Array.isArray(msg) && "raw" in msg) return msg.join("*");
  return typeof args[0] === "string" ? args[0] : "";
}

function textIn(sources: Sources, path: string): string | undefined {
  for (let at = 0; at < sources.length; at++) {
    const fields = sources[at];
    const text = fields && fieldText(fields, path);
    if (text !== undefined) return text;
  }
  return undefined;
}
