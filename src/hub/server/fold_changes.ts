import type { LogEntry } from "../board/orders.ts";

/** A change of levels only, as JSON. */
interface Incremental {
  readonly incremental: true;
  readonly root?: object;
  readonly loggers?: Readonly<Record<string, object>>;
  readonly handlers?: Readonly<Record<string, object>>;
  readonly logdial?: { readonly open?: unknown };
}

/** Whether a text replaces all that was set up before. */
export function isWhole(text: string): boolean {
  return readIncremental(text) === undefined;
}

/**
 * The text of two changes of levels as one, undefined where they cannot be one: a whole
 * configuration, or changes that were not let in alike, or open handlers in other ways.
 */
export function foldIncremental(first: LogEntry, second: LogEntry): string | undefined {
  const isLetInAlike = first.keys.join() === second.keys.join() &&
    first.payload === second.payload && first.isTrusted === second.isTrusted;
  if (!isLetInAlike) return undefined;
  const [one, two] = [readIncremental(first.text), readIncremental(second.text)];
  if (one === undefined || two === undefined) return undefined;
  // It is said for all loggers of a change.
  if (JSON.stringify(one.logdial?.open) !== JSON.stringify(two.logdial?.open)) return undefined;
  return JSON.stringify({
    ...two,
    root: { ...one.root, ...two.root },
    loggers: mergeEach(one.loggers, two.loggers),
    handlers: mergeEach(one.handlers, two.handlers),
  });
}

function mergeEach(
  first: Incremental["loggers"] = {},
  second: Incremental["loggers"] = {},
): Record<string, object> {
  const names = [...Object.keys(first), ...Object.keys(second)];
  return Object.fromEntries(names.map((name) => [name, { ...first[name], ...second[name] }]));
}

function readIncremental(text: string): Incremental | undefined {
  if (!text.includes('"incremental"')) return undefined;
  try {
    const value = JSON.parse(text) as { incremental?: unknown } | null;
    return value?.incremental === true ? value as Incremental : undefined;
  } catch {
    // INI, which is always whole.
    return undefined;
  }
}
