import { isPlainObject } from "../python/py_repr.ts";
import { type LogOptions, readOptions } from "../records/log_options.ts";
import type { Fields, SharedFields } from "../records/shared_fields.ts";
import { fitsPattern } from "../text/fits_pattern.ts";
import { hashText } from "../text/hash_text.ts";
import { fieldText } from "../values/field_text.ts";
import { joined } from "../records/split_arguments.ts";
import type { HandedOptions, LevelScope, ScopeTest } from "./scope.ts";
import { readContext } from "./with_context.ts";

/** Fields of a log call: its own, of its bound logger, of its context. */
type Sources = readonly (Fields | undefined)[];

/** A scope as one logger sees it, perhaps with bound fields. */
class ActiveScope {
  readonly scope: LevelScope;
  /** Lowest level number that it shows of this logger. */
  readonly from: number;
  /** What the bound fields do not decide, by its place among the paths of the scope. */
  readonly #open: readonly (readonly [place: number, path: string, text: string])[];
  readonly #bound: Fields | undefined;
  /** Whether the bound fields say that it is for none of the logger's calls. */
  readonly isOff: boolean;
  readonly #counter: { count: number };
  #lastContext: SharedFields | undefined = undefined;
  /** Whether it is for calls of that context without fields of their own. */
  #lastFits = false;

  /** `counter` is the same for all loggers of a name. */
  constructor(
    scope: LevelScope,
    from: number,
    bound: Fields | undefined,
    counter: { count: number },
  ) {
    this.scope = scope;
    this.from = from;
    this.#bound = bound;
    this.#counter = counter;
    const { where } = scope.test;
    const told = (path: string) => bound && fieldText(bound, path);
    this.isOff = where.some(([path, text]) => (told(path) ?? text) !== text);
    this.#open = where.map(([path, text], place) => [place, path, text] as const)
      .filter(([, path]) => told(path) === undefined);
  }

  /** Whether it is for a call at all, as far as bound fields, `own` and the context say. */
  mayAdmit(own: Fields | undefined, context: SharedFields | undefined): boolean {
    return !this.isOff && this.#hasAll(own, context);
  }

  /** Whether it is for a call. */
  admits(
    own: Fields | undefined,
    context: SharedFields | undefined,
    msg: unknown,
    args: readonly unknown[],
  ): boolean {
    if (this.isOff) return false;
    if (this.#open.length > 0 && !this.#hasAll(own, context)) return false;
    const { match, sample } = this.scope.test;
    if (match !== undefined && !fitsPattern(writtenMessage(msg, args), match)) return false;
    return sample === undefined || this.#isSampled(sample, [own, this.#bound, context?.values]);
  }

  /** Most calls have no fields of their own, and follow one of the same context. */
  #hasAll(own: Fields | undefined, context: SharedFields | undefined): boolean {
    if (own !== undefined) return this.#fits(own, context);
    if (context === undefined) return this.#open.length === 0;
    if (context !== this.#lastContext) {
      this.#lastFits = this.#fits(own, context);
      this.#lastContext = context;
    }
    return this.#lastFits;
  }

  #fits(own: Fields | undefined, context: SharedFields | undefined): boolean {
    const told = context === undefined ? NO_TEXTS : textsIn(context, this.scope.test);
    for (let at = 0; at < this.#open.length; at++) {
      const one = this.#open[at]!;
      const said = own === undefined ? undefined : fieldText(own, one[1]);
      if ((said ?? told[one[0]]) !== one[2]) return false;
    }
    return true;
  }

  #isSampled({ of, by }: NonNullable<ScopeTest["sample"]>, sources: Sources): boolean {
    if (by === undefined) return this.#counter.count++ % of === 0;
    const text = textIn(sources, by);
    return text !== undefined && hashText(text) % of === 0;
  }
}

/** How many calls a scope has seen of the loggers of a name. */
const COUNTERS = new WeakMap<LevelScope, Map<string, { count: number }>>();

/** What lets some calls of a logger pass that are below its own level. */
export type Gate = Pick<ScopeGate, "from" | "below" | "opensFrom" | "find" | "mayPass">;

/** The gate that the scopes of a logger make. */
export class ScopeGate {
  readonly #scopes: readonly ActiveScope[];
  /** Lowest level number that it may let pass. */
  readonly from: number;
  /** Level number below which it has to be asked. */
  readonly below: number;
  /** Lowest level number that handlers may be opened for. */
  readonly opensFrom: number;

  /**
   * Of a logger of that name, perhaps with bound fields: no scope shows anything below `least`, and
   * none is needed from `below` on.
   */
  constructor(
    scopes: readonly LevelScope[],
    name: string,
    bound: Fields | undefined,
    least: number,
    below: number,
  ) {
    const active = scopes.map((scope) => {
      const counters = COUNTERS.get(scope) ?? new Map<string, { count: number }>();
      const counter = counters.get(name) ?? { count: 0 };
      COUNTERS.set(scope, counters.set(name, counter));
      return new ActiveScope(scope, Math.max(least, scope.level), bound, counter);
    });
    // The newest first: it pays, and says which handlers are opened.
    this.#scopes = active.filter((one) => !one.isOff && one.from < below).reverse();
    this.from = Math.min(Infinity, ...this.#scopes.map((one) => one.from));
    this.below = this.#scopes.length === 0 ? -Infinity : below;
    const opened = this.#scopes.map(({ scope }) => scope.opening?.from ?? Infinity);
    this.opensFrom = Math.min(Infinity, ...opened);
  }

  /**
   * The scope that lets a call pass which is below the logger's own level; undefined if none does.
   * Fields may be among the options, apart from the message and its arguments.
   */
  find(
    level: number,
    msg: unknown,
    args: readonly unknown[],
    options?: HandedOptions,
  ): LevelScope | undefined {
    try {
      const own = options === undefined
        ? ownFields(msg, args)
        : joined(options.extra, options.fields) ?? ownFields(msg, args);
      const said = options?.inSource ?? { msg, args };
      const context = readContext === undefined ? undefined : readContext();
      for (let at = 0; at < this.#scopes.length; at++) {
        const active = this.#scopes[at]!;
        if (level >= active.from && active.admits(own, context, said.msg, said.args)) {
          return active.scope;
        }
      }
    } catch {
      // Such as a proxy that cannot be asked: nobody can have asked for its fields.
    }
    return undefined;
  }

  /** Whether it could let a call pass that is known to have these fields, but not what it says. */
  mayPass(level: number, own?: Fields): boolean {
    const context = readContext?.();
    return this.#scopes.some((active) => level >= active.from && active.mayAdmit(own, context));
  }
}

/** The gate of a logger without scopes. */
export const NO_GATE: ScopeGate = new ScopeGate([], "", undefined, 0, 0);

const NO_TEXTS: readonly undefined[] = [];
/** How many scopes the fields of a context remember their texts for. */
const MOST_TOLD = 8;

/** What stands under a scope's paths in the fields of a context, which is asked at each call. */
function textsIn(context: SharedFields, test: ScopeTest): readonly (string | undefined)[] {
  const { told } = context;
  for (let at = 0; at < told.length; at++) {
    const one = told[at]!;
    if (one.by === test) return one.texts;
  }
  const texts = test.where.map(([path]) => fieldText(context.values, path));
  context.told = [...told.length < MOST_TOLD ? told : [], { by: test, texts }];
  return texts;
}

/** The call's own fields, which stand at the end or before the message, without reading the rest. */
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

/** A message as it is written in the source: for values of a template stands `*`. */
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
