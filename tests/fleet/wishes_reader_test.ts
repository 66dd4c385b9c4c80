import { assertEquals } from "@std/assert";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import type { FleetStore, Stored } from "../../src/fleet/fleet_store.ts";
import { WishesReader } from "../../src/fleet/wishes_reader.ts";

/** A store whose hints are lost. */
class DeafStore {
  readonly values = new Map<string, Stored>();
  readonly heard = new Set<string>();

  set(key: string, ...changes: readonly StoredChange[]): void {
    const doc = { version: 1, changes, last: { label: "", ids: [] }, bucket: "b" } as const;
    this.values.set(key, { doc, revision: 1, stored: 0 });
  }

  bucketId(): Promise<string> {
    return Promise.resolve("b");
  }

  get(key: string): Promise<Stored | undefined> {
    return Promise.resolve(this.values.get(key));
  }

  onWritten(pattern: string): () => void {
    this.heard.add(pattern);
    return () => this.heard.delete(pattern);
  }
}

/** A reader of a host on which programs come and go, with a clock that is set. */
function setUp() {
  const store = new DeafStore(), state = { keys: ["base.all"], now: 0 };
  const reader = new WishesReader(store as unknown as FleetStore, {
    keys: () => state.keys,
    readEvery: 1000,
    now: () => state.now,
    wake: () => {},
    meet: () => Promise.resolve(),
    say: () => {},
  });
  const readAll = async () => {
    reader.readAll();
    while (await reader.readDue());
  };
  const ids = () => reader.changes.map(({ id }) => id);
  return { store, state, reader, readAll, ids };
}

function change(id: string, lasts?: number): StoredChange {
  return { id, label: "", text: "", to: { app: "shop" }, at: 0, lasts };
}

Deno.test("what is stored for a program is read again also while it is not there", async () => {
  const { store, state, readAll, ids } = setUp(), key = "base.app.shop";
  state.keys = ["base.all", key];
  store.set(key, change("first"));
  await readAll();
  assertEquals(ids(), ["first"]);
  state.keys = ["base.all"];
  store.set(key, change("second"));
  await readAll();
  // It is started anew.
  state.keys = ["base.all", key];
  assertEquals(ids(), ["second"]);
});

Deno.test("no more is heard of programs that have gone once nothing is in force for them", async () => {
  const { store, state, reader, readAll, ids } = setUp();
  const keys = ["one", "two", "three"].map((app) => `base.app.${app}`);
  state.keys = ["base.all", ...keys];
  store.set(keys[1]!, change("lasting"));
  store.set(keys[2]!, change("ending", 50));
  await readAll();
  assertEquals(store.heard, new Set(["base.all", "halt.*", ...keys]));
  state.keys = ["base.all"];
  state.now = 100;
  await readAll();
  assertEquals(store.heard, new Set(["base.all", "halt.*", keys[1]!]));
  assertEquals(ids(), ["lasting"]);
  // One that comes back is heard of again, and its key is read.
  state.keys = ["base.all", keys[0]!];
  store.set(keys[0]!, change("new"));
  assertEquals(reader.isComplete, false);
  while (await reader.readDue());
  assertEquals([reader.isComplete, ids()], [true, ["lasting", "new"]]);
});
