import { filePath } from "../io/file_path.ts";

/**
 * Where a log call was made.
 *
 * @internal
 */
export interface Caller {
  /** Path of the file, or the URL of a module that is not a file; `(data URL)` for a `data:` one. */
  readonly pathname: string;
  /** 1-based line, in the source as written (source maps are followed). */
  readonly lineno: number;
  /** Name of the function, `<module>` at top level and in functions without a name. */
  readonly funcName: string;
}

/** V8's call site object, as far as it is read here. */
interface CallSite {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
}

interface V8Error {
  stackTraceLimit: number;
  prepareStackTrace?: unknown;
  captureStackTrace(target: object, above?: unknown): void;
}

const v8 = Error as unknown as V8Error;

/** What stands for the URL of a `data:` module: that is its whole text. */
const DATA_URL = "(data URL)";

const UNKNOWN: Caller = { pathname: "(unknown file)", lineno: 0, funcName: "(unknown function)" };

/** A caller whose parts are looked up when they are first read: each takes V8 a microsecond or two. */
class FoundCaller implements Caller {
  readonly #site: CallSite;
  #pathname: string | undefined;
  #lineno: number | undefined;
  #funcName: string | undefined;

  constructor(site: CallSite) {
    this.#site = site;
  }

  get pathname(): string {
    return this.#pathname ??= toPath(this.#site.getScriptNameOrSourceURL() ?? "");
  }

  get lineno(): number {
    return this.#lineno ??= this.#site.getLineNumber() ?? 0;
  }

  get funcName(): string {
    return this.#funcName ??= this.#site.getFunctionName() ?? "<module>";
  }
}

function keepSites(_error: unknown, sites: CallSite[]): CallSite[] {
  return sites;
}

/**
 * The call site directly above the function `above` on the stack, or `stacklevel` - 1
 * frames further out (`logging.Logger.findCaller`); as in Python, functions of the language
 * itself, such as `forEach`, are none.
 *
 * It asks for as many frames as it needs and reads them as objects: building the text
 * of a stack costs several times more.
 */
export function findCaller(above: unknown, stacklevel = 1): Caller {
  const site = sitesTo(above, stacklevel).at(-1);
  return site === undefined ? UNKNOWN : new FoundCaller(site);
}

/**
 * The text of the stack down to the caller that {@linkcode findCaller} finds, for
 * `stack_info`: as in Python, the most recent call stands last.
 *
 * Differs from CPython: each call is one line, in V8's words.
 */
export function formatCallStack(above: unknown, stacklevel = 1): string {
  const { stackTraceLimit } = v8;
  const holder: { stack?: unknown } = {};
  try {
    // V8 would show the ten innermost calls only.
    v8.stackTraceLimit = Infinity;
    v8.captureStackTrace(holder, above);
  } finally {
    v8.stackTraceLimit = stackTraceLimit;
  }
  const frames = stacklevel > 1 ? sitesTo(above, stacklevel).length : 1;
  const calls = String(holder.stack).split("\n").slice(Math.max(1, frames));
  return ["Stack (most recent call last):", ...calls.reverse()].join("\n");
}

/**
 * The call sites down to that of `stacklevel`, or to the outermost one. A program may have frozen
 * `Error` or taken its parts away: then there are none, as in Python where frames cannot be had.
 */
function sitesTo(above: unknown, stacklevel: number): CallSite[] {
  for (let limit = stacklevel;;) {
    const sites = captureSites(above, limit);
    // The nearest site is nearly always the program's own; to make sure would cost time at each line.
    if (stacklevel <= 1) return sites;
    const missing = stacklevel - sites.filter(isCode).length;
    if (missing > 0 && sites.length === limit) limit += missing;
    else return sites.slice(0, sites.findLastIndex(isCode) + 1);
  }
}

/** Whether a site is in a script; the engine's built-in functions have none. */
function isCode(site: CallSite): boolean {
  return site.getScriptNameOrSourceURL() !== null;
}

function captureSites(above: unknown, limit: number): CallSite[] {
  try {
    return readSites(above, limit);
  } catch {
    return [];
  }
}

function readSites(above: unknown, limit: number): CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = v8;
  const holder: { stack?: CallSite[] } = {};
  try {
    v8.stackTraceLimit = limit;
    v8.prepareStackTrace = keepSites;
    v8.captureStackTrace(holder, above);
    return holder.stack ?? [];
  } finally {
    v8.stackTraceLimit = stackTraceLimit;
    v8.prepareStackTrace = prepareStackTrace;
  }
}

const paths = new Map<string, string>();

/** File URLs as paths. */
function toPath(url: string): string {
  return remembered(paths, url, (url) => {
    if (url.startsWith("data:")) return DATA_URL;
    return url.startsWith("file://") ? filePath(new URL(url)) : url || UNKNOWN.pathname;
  });
}

const filenames = new Map<string, string>();
const modules = new Map<string, string>();

/** Last part of a path or URL, without its query. */
export function basename(pathname: string): string {
  return remembered(filenames, pathname, (path) => {
    const clean = path.includes("://") ? path.replace(/[?#].*$/s, "") : path;
    return clean.slice(clean.lastIndexOf("/") + 1);
  });
}

/** File name of a path or URL without its extension, as Python's `module`. */
export function moduleName(pathname: string): string {
  return remembered(modules, pathname, (path) => {
    const filename = basename(path);
    const dot = filename.lastIndexOf(".");
    return dot > 0 ? filename.slice(0, dot) : filename;
  });
}

/** The result of `make` for a text, which is kept, since a program logs from few files. */
function remembered(
  known: Map<string, string>,
  key: string,
  make: (key: string) => string,
): string {
  let value = known.get(key);
  if (value === undefined) {
    value = make(key);
    if (known.size >= 1000) known.clear();
    known.set(key, value);
  }
  return value;
}
