import { dim } from "@std/fmt/colors";
import type { Delivery } from "../client/request.ts";
import { portText } from "./deliveries.ts";
import { list } from "./notes.ts";

/** Threads that answer the same. */
export interface Group {
  /** Ports and names, for people. */
  readonly threads: string;
  /** One of them. */
  readonly one: Delivery;
}

/** Puts threads together whose answers to a question are equal. */
export function groupEqual(deliveries: readonly Delivery[]): Group[] {
  const groups = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const { outcome, error, result } = delivery;
    const key = JSON.stringify([outcome, error, result]);
    groups.set(key, [...groups.get(key) ?? [], delivery]);
  }
  return [...groups.values()].map((all) => ({ threads: describeThreads(all), one: all[0]! }));
}

/** Why a thread has no answer. */
export function noAnswer({ error, outcome }: Delivery): string {
  return dim(error?.message ?? `no answer: ${outcome}`);
}

function describeThreads(deliveries: readonly Delivery[]): string {
  return list(deliveries.map((one) => `${portText(one)} ${one.name ?? "?"}`), "thread");
}
