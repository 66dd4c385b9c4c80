import { assert, assertEquals, assertThrows } from "@std/assert";
import { escapePart, keyOf, keysFor, lifetimeOf } from "../../src/fleet/fleet_keys.ts";
import {
  endOf,
  type FleetChange,
  MOST_CHANGES,
  readDoc,
  shareOf,
  type StoredChange,
  type StoredDoc,
  withChange,
  withoutChanges,
} from "../../src/fleet/fleet_change.ts";
import type { FleetPlace, FleetTarget } from "../../src/fleet/fleet_target.ts";
import { isInStep, parseSteps, type Rollout, stepAt } from "../../src/fleet/rollout.ts";
import { planFor, readWireId, wireId } from "../../src/fleet/thread_plan.ts";
import { waitingFor, wantedFor } from "../../src/fleet/wanted_changes.ts";
import { Random } from "../harness/python_oracle.ts";

const SPOT: FleetPlace = { host: "h1", app: "shop", thread: "Worker #1" };

Deno.test("names become parts of keys, and no two the same", () => {
  const names = ["", "a", "a_", "a_5f", "A", "a.b", "a*", ">", " ", "é", "_", "__", "日本"];
  const parts = names.map(escapePart);
  assertEquals(new Set(parts).size, names.length);
  for (const part of parts) assert(/^[-_a-zA-Z0-9]+$/.test(part), part);
  assertEquals(keyOf("ovr", {}), "ovr.all");
  assertEquals(keyOf("ovr", { host: "web-*", app: "shop" }), "ovr.app.shop");
  assertEquals(keyOf("base", { host: "h.1", thread: "W*" }), "base.host.h_2e1");
  assertEquals(keyOf("base", { host: "h", app: "a b" }), "base.inst.h.a_20b");
  assertEquals(lifetimeOf("ovr.all"), "ovr");
  assertEquals(lifetimeOf("halt.x"), undefined);
  // Whatever a target may be, those whom it means look where it stands.
  const targets: FleetTarget[] = [
    {},
    { app: "shop" },
    { host: "h1" },
    { host: "h*", app: "shop" },
    {
      host: "h1",
      app: "s*",
      thread: "Worker #1",
    },
    { host: "h1", app: "shop" },
  ];
  for (const target of targets) assert(keysFor("h1", ["shop"]).includes(keyOf("ovr", target)));
});

Deno.test("what says more exactly whom it means wins, and overrides win over what stays", () => {
  const order: FleetTarget[] = [
    {},
    { app: "s*" },
    { app: "shop" },
    { host: "h*" },
    { host: "h*", app: "shop" },
    { host: "h1" },
    { host: "h1", app: "shop" },
    { thread: "W*" },
    { thread: "Worker #1" },
    { host: "h1", app: "shop", thread: "Worker #1" },
  ];
  // Stored the other way round: the time counts last.
  const all = order.map((to, at): StoredChange => change(`${at}`, { to, at: 100 - at }));
  const lasting = all.map((one) => ({ ...one, id: `ovr${one.id}`, lasts: 1000 }));
  const docs = docsOf([...lasting, ...all]);
  const wanted = wantedFor(SPOT, { docs, halted: new Set() }, 200).map(({ id }) => id);
  assertEquals(wanted, [...all.map(({ id }) => id), ...lasting.map(({ id }) => id)]);
  assertEquals(wantedFor({ ...SPOT, host: "x" }, { docs, halted: new Set() }, 5000).length, 5);
  assertEquals(wantedFor(SPOT, { docs, halted: new Set(["3"]) }, 5000).length, all.length - 1);
});

Deno.test("a value says when its newest change was stored, and forgets what had ended by then", () => {
  const first = withChange(undefined, 0, unstored("a", { lasts: 1000 }));
  const long = (id: string) => unstored(id, { lasts: 100_000 });
  const read = readDoc(JSON.parse(JSON.stringify(first)), 5000, "ovr.all");
  assertEquals(read.changes[0]!.at, 5000);
  assertEquals(endOf(read.changes[0]!), 6000);
  const second = readDoc(withChange(read, 5000, long("b")), 5900, "ovr.all");
  assertEquals(second.changes.map(({ id, at }) => [id, at]), [["a", 5000], ["b", 5900]]);
  const third = readDoc(withChange(second, 6000, long("c")), 7000, "ovr.all");
  assertEquals(third.changes.map(({ id }) => id), ["b", "c"]);
  const without = withoutChanges(third, { label: "rollback 1", ids: ["c"] });
  assertEquals(without.changes.map(({ id }) => id), ["b"]);
  const many = Array.from({ length: MOST_CHANGES }, (_, at) => change(`${at}`, {}));
  const full: StoredDoc = { ...third, changes: many };
  const pattern = { to: { host: "web-*" } };
  assertThrows(
    () => withChange(full, 0, unstored("x", pattern)),
    RangeError,
    "Cannot add a change for host web-*: 32 are in force that are kept with it",
  );
  for (const bad of [null, 1, {}, { ...first, version: 2 }, { ...first, changes: [{}] }]) {
    assertThrows(() => readDoc(bad, 0, "ovr.all"));
  }
});

Deno.test("who may write for one program, or one host, means no others", () => {
  const read = (key: string, more: Partial<FleetChange>) =>
    readDoc(withChange(undefined, 0, unstored("a", more)), 0, key).changes.length;
  const app = { app: "shop" }, host = { host: "h1" };
  assertEquals(read("base.app.shop", { to: app }), 1);
  assertEquals(read("ovr.inst.h1.shop", { to: { ...app, ...host, thread: "W*" }, lasts: 1 }), 1);
  const bad: [key: string, more: Partial<FleetChange>, own: string][] = [
    ["base.app.shop", { to: {} }, "stays and is for all, which stands under base.all"],
    ["base.app.shop", { to: { app: "*" } }, "is for app *, which stands under base.all"],
    ["base.app.shop", { to: { app: "bank" } }, "which stands under base.app.bank"],
    ["base.host.h1", { to: { ...host, app: "bank" } }, "which stands under base.inst.h1.bank"],
    ["ovr.app.shop", { to: app }, "a stays and is for app shop, which stands under base.app.shop"],
    ["base.app.shop", { to: app, lasts: 1 }, "a ends by itself and is for app shop, which"],
  ];
  for (const [key, more, own] of bad) assertThrows(() => read(key, more), Error, own);
});

Deno.test("the fleet's lines are divided among processes, and each gets one at least", () => {
  assertEquals(shareOf(change("a", {})), undefined);
  assertEquals(shareOf(change("a", { lines: 1000, shares: 3 })), 333);
  assertEquals(shareOf(change("a", { lines: 2, shares: 3 })), 1);
  assertEquals(shareOf(change("a", { lines: 10, shares: 0 })), 10);
});

Deno.test("each step of a rollout has the threads of the one before, and about its part of all", () => {
  const rollout: Rollout = { steps: parseSteps("1%,10%,50%,100%"), every: 1000 };
  const places = Array.from({ length: 5000 }, (_, at): FleetPlace => ({
    host: `web-${at % 500}`,
    app: "shop",
    thread: `Worker #${at}`,
  }));
  const reached = rollout.steps.map((_, step) =>
    places.filter((one) => isInStep(rollout, step, one))
  );
  for (const [step, part] of rollout.steps.entries()) {
    const some = reached[step]!, before = reached[step - 1] ?? [];
    assert(before.every((one) => some.includes(one)), `step ${step}`);
    assert(Math.abs(some.length / places.length - part) < 0.01, `${some.length} in step ${step}`);
  }
  assertEquals([-5, 0, 999, 1000, 3500, 99_000].map((now) => stepAt(rollout, 0, now)), [
    0,
    0,
    0,
    1,
    3,
    3,
  ]);
  for (const bad of ["", "10%", "10,100%", "50%,10%,100%", "10%,10%,100%", "0%,100%", "101%"]) {
    assertThrows(() => parseSteps(bad), RangeError, "like 1%,10%,100%");
  }
  const docs = docsOf([change("r", { rollout })]);
  const late = places.find((one) => !isInStep(rollout, 1, one))!;
  const wishes = { docs, halted: new Set<string>() };
  assertEquals([wantedFor(late, wishes, 1500).length, waitingFor(late, wishes, 1500).length], [
    0,
    1,
  ]);
  assertEquals([wantedFor(late, wishes, 9000).length, waitingFor(late, wishes, 9000).length], [
    1,
    0,
  ]);
});

Deno.test("ids of the fleet are told from those of others and of lost buckets", () => {
  const stored = change("a", { at: 500 });
  assertEquals(readWireId(wireId("b1", stored, 3)), { bucket: "b1", id: "a", at: 500, attempt: 3 });
  assertEquals(readWireId(wireId("b1", stored))?.attempt, 1);
  assertEquals(readWireId(crypto.randomUUID()), undefined);
  const longest = change("i".repeat(20), { at: Date.parse("2100-01-01") });
  assert(wireId("b".repeat(12), longest, 999_999).length <= 64);
  const view = { bucket: "b1", wanted: [stored], readAt: 1000 };
  const sent = wireId("b1", stored);
  const plan = (present: string[], undone: [string, number][] = []) =>
    planFor(view, { present, sent: present.length > 1 ? [] : [sent], undone: new Map(undone) });
  const old = wireId("b0", stored), newer = wireId("b1", change("n", { at: 1001 }));
  assertEquals(plan(["other", old, newer]).takeBack, []);
  assertEquals(plan(["other", old, newer]).send.map(({ wireId }) => wireId), [sent]);
  // What was taken back at the host stays so; what an agent took back, if this one has read since.
  assertEquals(plan([]), { send: [], takeBack: [], gone: [stored] });
  assertEquals(plan([], [[sent, 1001]]).gone, [stored]);
  assertEquals(plan([], [[sent, 999]]).send[0]!.wireId, wireId("b1", stored, 2));
});

Deno.test("1,000 random schedules of overlapping overrides end as a simple model says", () => {
  for (let seed = 1; seed <= 1000; seed++) checkSchedule(seed);
});

/** A thread as its listener keeps it: what comes lies on top, and ends by its own timer. */
class Thread {
  layers: { readonly id: string; readonly until: number }[] = [];
  readonly sent = new Set<string>();
  readonly undone = new Map<string, number>();
  readonly takenBack = new Set<string>();

  expire(now: number): void {
    this.layers = this.layers.filter(({ until }) => until > now);
  }
}

/** An agent whose clock is off, and which knows by how much, but for the way of one message. */
class Agent {
  readonly #off: number;
  #docs: ReadonlyMap<string, StoredDoc> = new Map();
  #readAt = 0;

  constructor(off: number) {
    this.#off = off;
  }

  /** Reads all keys. */
  read(docs: ReadonlyMap<string, StoredDoc>, time: number): void {
    this.#docs = new Map(docs);
    this.#readAt = time;
  }

  /** Does as much as it comes to before it is killed. */
  act(thread: Thread, time: number, isKilledAt: number): void {
    const now = time + this.#off - (this.#off + 3);
    const wanted = wantedFor(SPOT, { docs: this.#docs, halted: new Set() }, now);
    const { sent, undone } = thread;
    const present = thread.layers.map(({ id }) => id);
    const view = { bucket: "b", wanted, readAt: this.#readAt };
    const { send, takeBack } = planFor(view, { present, sent, undone });
    let steps = 0;
    for (const { change, wireId } of send) {
      if (steps++ === isKilledAt) return;
      thread.sent.add(wireId);
      const rest = endOf(change) - now;
      thread.layers.push({ id: wireId, until: time + rest });
    }
    if (steps === isKilledAt) return;
    thread.layers = thread.layers.filter(({ id }) => !takeBack.includes(id));
    for (const id of takeBack) undone.set(id, time);
  }
}

function checkSchedule(seed: number): void {
  const random = new Random(seed);
  const docs = new Map<string, StoredDoc>();
  const thread = new Thread();
  // Two of them serve the host, with clocks that are 5 s apart.
  const agents = [new Agent(5000), new Agent(0)];
  let time = 1_000_000, count = 0;
  /** All that was ever wanted, and when it was taken back. */
  const model: { change: StoredChange; goneAt: number }[] = [];
  const targets: FleetTarget[] = [{}, { app: "shop" }, { host: "h1" }, { host: "h*" }, {
    app: "x",
  }];
  for (let event = 0; event < 20; event++) {
    time += 100 * random.below(40);
    thread.expire(time);
    const what = random.next();
    if (what < 0.5) {
      const lasts = random.pick([undefined, 2000, 5000, 20_000]);
      const to = random.pick(targets), key = keyOf(lasts === undefined ? "base" : "ovr", to);
      const added = unstored(`c${count++}`, { to, lasts });
      const doc = readDoc(withChange(docs.get(key), time, added), time, key);
      docs.set(key, doc);
      model.push({ change: doc.changes.at(-1)!, goneAt: Infinity });
    } else if (what < 0.65 && model.length > 0) {
      const { change: { id } } = random.pick(model);
      for (const [key, doc] of docs) {
        if (!doc.changes.some((one) => one.id === id)) continue;
        docs.set(key, readDoc(withoutChanges(doc, { label: "rollback 1", ids: [id] }), time, key));
        model.find(({ change }) => change.id === id)!.goneAt = time;
      }
    } else if (what < 0.7 && thread.layers.length > 0) {
      // An operator of the host takes one back there.
      const { id } = random.pick(thread.layers);
      const plain = readWireId(id)!.id;
      thread.layers = thread.layers.filter((one) => readWireId(one.id)!.id !== plain);
      thread.takenBack.add(plain);
    } else if (what < 0.75) {
      thread.layers = []; // The program is started anew.
      thread.sent.clear();
      thread.undone.clear();
      thread.takenBack.clear();
    }
    const agent = random.pick(agents);
    if (random.chance(0.8)) agent.read(docs, time);
    agent.act(thread, time, random.chance(0.3) ? random.below(3) : Infinity);
  }
  for (const agent of agents) {
    agent.read(docs, time);
    agent.act(thread, time, Infinity);
  }
  // What agents know of the time is 3 ms off.
  time += 50;
  thread.expire(time);
  const expected = model
    .filter(({ change, goneAt }) => goneAt === Infinity && endOf(change) > time)
    .map(({ change }) => change)
    .filter(({ id, to }) => !thread.takenBack.has(id) && to.app !== "x")
    .sort((a, b) =>
      weight(a) - weight(b) || a.at - b.at || Number(a.id.slice(1)) - Number(b.id.slice(1))
    );
  assertEquals(
    thread.layers.map(({ id }) => readWireId(id)!.id),
    expected.map(({ id }) => id),
    `seed ${seed}`,
  );
}

/** The order said once more, for these targets alone. */
function weight({ lasts, to }: StoredChange): number {
  return (lasts === undefined ? 0 : 10) + (to.host === "h1" ? 3 : to.host ? 2 : to.app ? 1 : 0);
}

function unstored(id: string, more: Partial<FleetChange>): FleetChange {
  return { id, label: `set ${id}`, text: "{}", to: {}, ...more };
}

function change(id: string, more: Partial<StoredChange>): StoredChange {
  return { ...unstored(id, more), at: more.at ?? 0 };
}

function docsOf(changes: readonly StoredChange[]): Map<string, StoredDoc> {
  const docs = new Map<string, StoredDoc>();
  for (const one of changes) {
    const key = keyOf(one.lasts === undefined ? "base" : "ovr", one.to);
    const others = docs.get(key)?.changes ?? [];
    docs.set(key, { version: 1, changes: [...others, one], last: { label: "", ids: [] } });
  }
  return docs;
}
