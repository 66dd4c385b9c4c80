import type { Delivery } from "../../client/request.ts";
import { describePlace } from "../../client/targets.ts";
import type { Flags } from "../arguments/flags.ts";
import { dim } from "../printing/print.ts";

/** So many threads, or more, of which the same is to be said have one line together. */
export const MANY = 3;
/** Most kinds of names that a group lists. */
const MAX_KINDS = 3;

/** Where a thread is, and what it is called, as far as a group is labelled by it. */
export type Placed = Pick<Delivery, "port" | "via" | "kind" | "name">;

/** Threads of which a command has the same to say. */
export interface Group<T extends Placed = Delivery> {
  readonly members: readonly T[];
  /** `9001` and `MainProcess`, or `9001 9003-9005` and `×4 MainProcess, Worker *`. */
  readonly label: readonly [ports: string, who: string];
}

/**
 * Groups the threads of which `describe` says the same, in the order of their first ports. Groups
 * smaller than `leastOf` are split: each thread stays by itself, with its name.
 */
export function groupEqual<T extends Placed>(
  threads: readonly T[],
  describe: (thread: T) => string,
  leastOf: (thread: T) => number = () => MANY,
): Group<T>[] {
  const groups = new Map<string, T[]>();
  for (const one of threads) {
    const text = describe(one), same = groups.get(text);
    if (same === undefined) groups.set(text, [one]);
    else same.push(one);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < leastOf(group[0]!) ? group.map((one) => [one]) : [group]
  ).sort(([a], [b]) => placeOf(a!) - placeOf(b!)).map((members) => ({
    members,
    label: [portsText(members), whoText(members)],
  }));
}

/** Groups the threads whose answers to a question are equal, also if there are only two. */
export function groupAnswers(deliveries: readonly Delivery[]): Group[] {
  return groupEqual(deliveries, ({ kind, outcome, error, result }) => {
    return JSON.stringify([kind, outcome, error, result]);
  }, () => 2);
}

/** Why a thread has no answer. */
export function noAnswer({ error, outcome }: Delivery): string {
  return error?.message ??
    (outcome === "pending" ? "no answer: it computes" : `no answer: ${outcome}`);
}

/** The message that a command has nobody to ask, shown after what was found. */
export function nobodyText(found: readonly Delivery[], { targets }: Flags): string {
  const where = describePlace(targets);
  const text = found.length === 0 ? "Nobody listens" : "Nobody can be asked";
  return `${text} on ${where}: ${NEXT_STEP}`;
}

/** What to do where nobody is found. */
export const NEXT_STEP =
  "start a program that does, or name its ports by --ports, its host by --host";

/** Ports as `9001 9003-9005`; in brackets the one by which threads without a port are reached. */
function portsText(threads: readonly Placed[]): string {
  const [{ via }] = threads as readonly [Placed];
  const hasNone = via !== undefined && threads.every((one) => one.via === via);
  return hasNone ? `(${via})` : rangesOf(threads.map(placeOf));
}

/** The names of threads; of many similar ones without their numbers. */
function whoText(threads: readonly Placed[]): string {
  const [first] = threads as readonly [Placed];
  if (threads.length === 1) return nameOf(first);
  const kinds = new Map<string, string[]>();
  for (const thread of threads) {
    const name = nameOf(thread), kind = name.replace(/\d+/g, "*");
    kinds.set(kind, [...kinds.get(kind) ?? [], name]);
  }
  const names = [...kinds].map(([kind, names]) => new Set(names).size === 1 ? names[0]! : kind);
  const more = names.length > MAX_KINDS ? ", …" : "";
  return `×${threads.length} ${names.slice(0, MAX_KINDS).join(", ")}${more}`;
}

function nameOf({ name, kind }: Placed): string {
  return name ?? dim(kind === "silent" ? "CPython" : "?");
}

function placeOf({ port, via }: Placed): number {
  return via ?? port;
}

/** Ports as `9001 9003-9005`. */
function rangesOf(ports: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range !== undefined && port === range[1] + 1) range[1] = port;
    else ranges.push([port, port]);
  }
  return ranges.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(" ");
}
