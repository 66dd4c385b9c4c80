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
 * The text of one change that does what two changes of levels do. Undefined where there is none:
 * one of them is a whole configuration, or they were not let in alike, or open handlers otherwise.
 */
export function foldIncremental(first: LogEntry, second: LogEntry): string | undefined {
  const isLetInAlike = first.keys.join() === second.keys.join() &&
    first.payload === second.payload && first.isTrusted === second.isTrusted;
  if (!isLetInAlike) return undefined;
  const [one, two] = [readIncremental(first.text), readIncremental(second.text)];
  if (one === undefined || two === undefined) return undefined;
  // `open` counts for all loggers of a change.
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
    // The text is INI, which always is a whole configuration.
    return undefined;
  }
}
