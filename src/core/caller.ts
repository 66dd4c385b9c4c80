/** Where a log call was made. */
export interface Caller {
  /** Path of the file, or the URL of a module that is not a file. */
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

const UNKNOWN: Caller = { pathname: "(unknown file)", lineno: 0, funcName: "(unknown function)" };

function keepSites(_error: unknown, sites: CallSite[]): CallSite[] {
  return sites;
}

/**
 * The call site directly above the function `above` on the stack, or `stacklevel` - 1
 * frames further out (`logging.Logger.findCaller`).
 *
 * It asks for as many frames as it needs and reads them as objects: building the text
 * of a stack costs several times more.
 */
export function findCaller(above: unknown, stacklevel = 1): Caller {
  const site = captureSites(above, stacklevel).at(-1);
  if (site === undefined) return UNKNOWN;
  return {
    pathname: toPath(site.getScriptNameOrSourceURL() ?? ""),
    lineno: site.getLineNumber() ?? 0,
    funcName: site.getFunctionName() ?? "<module>",
  };
}

/** The text of the stack from the caller on that {@linkcode findCaller} finds, for `stack_info`. */
export function formatCallStack(above: unknown, stacklevel = 1): string {
  const holder: { stack?: string } = {};
  v8.captureStackTrace(holder, above);
  const lines = String(holder.stack).split("\n").slice(stacklevel);
  return ["Stack (most recent call first):", ...lines].join("\n");
}

function captureSites(above: unknown, limit: number): CallSite[] {
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

/** File URLs as paths, remembered, since a program logs from few files. */
function toPath(url: string): string {
  let path = paths.get(url);
  if (path === undefined) {
    path = url.startsWith("file://") ? decodePath(new URL(url).pathname) : url || UNKNOWN.pathname;
    if (paths.size >= 1000) paths.clear();
    paths.set(url, path);
  }
  return path;
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A stray % in a file's name: the encoded form still names it.
    return pathname;
  }
}

/** Last part of a path or URL, without its query. */
export function basename(pathname: string): string {
  const clean = pathname.includes("://") ? pathname.replace(/[?#].*$/s, "") : pathname;
  return clean.slice(clean.lastIndexOf("/") + 1);
}

/** File name without its extension, as Python's `module`. */
export function moduleName(filename: string): string {
  const dot = filename.lastIndexOf(".");
  return dot > 0 ? filename.slice(0, dot) : filename;
}
