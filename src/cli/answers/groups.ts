import type { Delivery } from "../../client/request.ts";
import type { Flags } from "../arguments/flags.ts";
import { dim } from "../printing/print.ts";

/** Threads of which a command has the same to say. */
export interface Group {
  readonly deliveries: readonly Delivery[];
  /** `9001 MainProcess`, or `9001 9003-9005 (4 threads)`, as two cells. */
  readonly label: readonly [ports: string, who: string | undefined];
}

/**
 * Puts those together of which `describe` says the same, in the order of their first ports;
 * fewer than `least` stay by themselves, with their names.
 */
export function groupEqual(
  deliveries: readonly Delivery[],
  describe: (delivery: Delivery) => string,
  least = 2,
): Group[] {
  const groups = new Map<string, Delivery[]>();
  for (const one of deliveries) {
    const text = describe(one), same = groups.get(text);
    if (same === undefined) groups.set(text, [one]);
    else same.push(one);
  }
  return [...groups.values()].flatMap((group) =>
    group.length < least ? group.map((one) => [one]) : [group]
  ).map((group) => ({ deliveries: group, label: labelOf(group) }));
}

/** Puts threads together whose answers to a question are equal. */
export function groupAnswers(deliveries: readonly Delivery[]): Group[] {
  return groupEqual(deliveries, ({ outcome, error, result }) => {
    return JSON.stringify([outcome, error, result]);
  });
}

/** Why a thread has no answer. */
export function noAnswer({ error, outcome }: Delivery): string {
  return dim(error?.message ?? `no answer: ${outcome}`);
}

/** Says that there is nobody whom a command could ask, after what was found has been shown. */
export function nobodyText(found: readonly Delivery[], { targets }: Flags): string {
  const ports = targets.ports.map(([first, last]) =>
    first === last ? first : `${first} to ${last}`
  );
  const where = `${targets.hostname ?? "127.0.0.1"}, ports ${ports.join(", ")}`;
  if (found.length === 0) return `Nobody listens on ${where}`;
  return `Nobody can be asked on ${where}`;
}

function labelOf(group: readonly Delivery[]): Group["label"] {
  const [first] = group;
  if (group.length === 1) {
    const { port, via, name } = first!;
    return [via === undefined ? `${port}` : `(${via})`, name];
  }
  const ports = rangesOf(group.map(({ port, via }) => via ?? port));
  const what = group.every(({ name }) => name !== undefined) ? "threads" : "ports";
  return [ports, `(${group.length} ${what})`];
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
