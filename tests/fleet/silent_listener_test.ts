import { assertEquals, assertStringIncludes } from "@std/assert";
import { levelsConfig } from "../../src/client/levels_config.ts";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import type { ThreadHost } from "../../src/fleet/host_threads.ts";
import { ServerClock } from "../../src/fleet/server_clock.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ThreadKeeper } from "../../src/fleet/thread_keeper.ts";

/** A listener as CPython's, or of that status, on a host of its own, and what it is sent. */
function setUp(status?: ThreadStatus) {
  const sent: string[] = [], target = { port: 9101 } as never;
  let now = 0;
  const host = {
    send: (_: unknown, { id }: StoredChange) => {
      sent.push(id);
      return Promise.resolve(
        status === undefined
          ? { kind: "silent", outcome: "unconfirmed", port: 9101 }
          : { outcome: "applied", port: 9101 },
      );
    },
  } as unknown as ThreadHost;
  const lines = { get: () => undefined, set: () => {} };
  const keeper = new ThreadKeeper(host, { target, status }, lines);
  const clock = new ServerClock(() => now, () => now);
  /** Has it have these; gives what it is sent for that, and how all stands then. */
  const keep = async (...wanted: readonly StoredChange[]) => {
    const view = { bucket: "b", wanted, waiting: [], readAt: 0, clock };
    const { changes } = await keeper.keep(view);
    return [sent.splice(0).join(), changes.map(({ id, state }) => `${id} ${state}`).join()];
  };
  return Object.assign(keep, { pass: (ms: number) => now += ms });
}

function change(id: string, text: string): StoredChange {
  return { id, label: id, text, to: {}, at: 0 };
}

Deno.test("a listener that takes nothing back gets what lay below once more, and what it keeps is told", async () => {
  const keep = setUp();
  const low = change("low", levelsConfig({ app: "ERROR" }));
  const high = change("high", levelsConfig({ app: "INFO" }));
  const other = change("other", levelsConfig({ "app.x": "INFO" }));
  const file = change("file", "[loggers]\nkeys=root");
  assertEquals(await keep(low, high), ["low,high", "low applied,high applied"]);
  assertEquals(await keep(low, high), ["", "low applied,high applied"]);
  // What is about the same loggers shows again.
  assertEquals(await keep(low), ["low", "low applied"]);
  assertEquals(await keep(low, other), ["other", "low applied,other applied"]);
  assertEquals(await keep(low), ["low", "low applied,other pending"]);
  assertEquals(await keep(low), ["", "low applied,other pending"]);
  assertEquals(await keep(low, file), ["file", "low applied,file applied,other pending"]);
  assertEquals(await keep(low), ["low", "low applied,other pending,file pending"]);
  // All that it keeps is set by another change.
  const cover = change("cover", levelsConfig({ "app.x": "ERROR", root: "ERROR" }));
  assertEquals(await keep(low, cover), ["cover", "low applied,cover applied,file pending"]);
});

Deno.test("what a listener keeps beside levels is told, whatever levels are set above it", async () => {
  const keep = setUp();
  const cover = change("cover", levelsConfig({ app: "ERROR", root: "ERROR" }));
  for (
    const more of [
      { handlers: { console: { level: "DEBUG" } } },
      { loggers: { app: { level: "INFO", propagate: false } } },
      { loggers: { app: { level: "INFO" } }, handlers: { console: { level: "DEBUG" } } },
    ]
  ) {
    const config = { version: 1, incremental: true, ...more };
    const one = change(JSON.stringify(more), JSON.stringify(config));
    await keep(cover, one);
    const [, stands] = await keep(cover);
    assertStringIncludes(stands!, `${one.id} pending`);
  }
  const { text } = change(
    "",
    JSON.stringify({
      version: 1,
      incremental: true,
      loggers: { db: { propagate: false } },
    }),
  );
  const level = change("level", levelsConfig({ db: "INFO" }));
  await keep(level);
  const [, stands] = await keep(change("no level", text));
  assertStringIncludes(stands!, "level pending");
});

Deno.test("version 0.1.0, which tells no change by its name, is asked to take none back, and what it keeps is told", async () => {
  const overrides: never[] = [], levels = { root: "INFO" };
  const who = { name: "Older", pid: 1, port: 9101, app: "", generation: 0, changed: null };
  const keep = setUp({ logdial: 1, ...who, levels, pending: 0, overrides });
  const stays = change("stays", levelsConfig({ app: "ERROR" }));
  const ends = { ...change("ends", levelsConfig({ "app.x": "DEBUG" })), lasts: 60_000 };
  assertEquals(await keep(stays, ends), ["stays,ends", "stays applied,ends applied"]);
  assertEquals(await keep(), ["", "stays pending,ends pending"]);
  keep.pass(60_000);
  assertEquals(await keep(), ["", "stays pending"]);
});
