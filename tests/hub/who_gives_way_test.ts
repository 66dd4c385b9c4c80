import { assertEquals } from "@std/assert";
import type { Connection } from "../../src/hub/connections/connection.ts";
import { takeIn, whoGivesWay } from "../../src/hub/connections/who_gives_way.ts";
import { within } from "../harness/deadline.ts";

Deno.test("where there are too many connections, one of those gives way that flood a port", () => {
  // Milliseconds for which each has been there; one that has just come, for less than none.
  const AGES = {
    ...{ silent: 60_000, late: 500, new: -60_000 },
    ...{ waiting: 60_000, asking: -60_000, served: 60_000, answered: -60_000 },
  };
  const one = (way: string, state: keyof typeof AGES) => {
    const isWaiting = state === "waiting" || state === "asking";
    const isAnswered = state === "answered";
    const busy = isWaiting || isAnswered || state === "served";
    const since = performance.now() - AGES[state];
    return { way, since, busy, isWaiting, isAnswered } as Connection;
  };
  const operator = one("10.0.0.1 9002", "silent");
  const served = one("10.0.0.1 9001", "served"), waiting = one("10.0.0.1 9001", "waiting");
  const silent = one("10.0.0.1 9001", "silent"), other = one("10.0.0.2 9001", "silent");
  const young = one("10.0.0.1 9001", "new"), late = one("10.0.0.1 9001", "late");
  // Who has its answer, whoever that is.
  const answered = one("10.0.0.3 9002", "answered");
  assertEquals(whoGivesWay([operator, served, other, late, silent, answered]), answered);
  // Who is slow in asking, then who waits for a thread, then who has not asked for a moment.
  assertEquals(whoGivesWay([operator, served, other, young, late, waiting, silent]), silent);
  assertEquals(whoGivesWay([operator, other, young, late, served, waiting]), waiting);
  assertEquals(whoGivesWay([operator, other, young, late, served]), late);
  // Those that are being served, or have come just now, do not, nor others in their place.
  const asking = one("10.0.0.1 9001", "asking");
  assertEquals(whoGivesWay([served, asking, young, operator]), undefined);
  // Unless it is urgent.
  assertEquals(whoGivesWay([served, served, young, operator], true), operator);
  assertEquals(whoGivesWay([served, served], true), undefined);
});

Deno.test("of two connections that come in the same moment, neither makes the other give way", async () => {
  const ended: string[] = [];
  const one = (name: string, state: Partial<Connection>) => {
    const evict = () => Promise.resolve(void ended.push(name));
    const fresh = { way: "10.0.0.1 9001", since: 0, hurry: () => false, evict };
    return { ...fresh, ...state } as unknown as Connection;
  };
  const served = one("served", { busy: true });
  const connections = new Set([served, one("silent", { since: performance.now() - 60_000 })]);
  const first = one("first", {}), second = one("second", {});
  const coming = [first, second].map((connection) =>
    within(takeIn(connection, connections, 2, () => {}), () => "room")
  );
  assertEquals(await coming[0], true);
  assertEquals(ended, ["silent"]);
  connections.delete(served);
  assertEquals([await coming[1], ended, [...connections]], [true, ["silent"], [first, second]]);
});

Deno.test("a connection that comes while all are taken waits for others to be done, and not for long", async () => {
  const served = { way: "10.0.0.1 9001", busy: true, hurry: () => false } as Connection;
  const late = { way: "10.0.0.2 9001" } as Connection;
  const connections = new Set([served]), evicted: unknown[] = [];
  const comes = () =>
    within(takeIn(late, connections, 1, (ended) => evicted.push(ended)), () => "room, or none");
  assertEquals([await comes(), connections.has(late)], [false, false]);
  const coming = comes();
  connections.delete(served);
  assertEquals([await coming, connections.has(late), evicted], [true, true, []]);
});

Deno.test("a connection whose request has come while the hub had no processor does not give way", async () => {
  const ended: string[] = [];
  const one = (name: string) => {
    const evict = () => Promise.resolve(void ended.push(name));
    const since = performance.now() - 60_000;
    return { way: "10.0.0.1 9001", since, hurry: () => false, evict } as unknown as Connection;
  };
  const asks = one("asks"), silent = one("silent"), next = one("next");
  const coming = takeIn(next, new Set([asks, silent]), 2, () => {});
  // So late the hub comes to read what it was sent.
  setTimeout(() => asks.busy = true, 0);
  assertEquals([await within(coming, () => "room"), ended], [true, ["silent"]]);
});
