import { assert, assertEquals } from "@std/assert";
import { positionOf, type Rollout } from "../../src/fleet/rollout.ts";
import type { KeptChange } from "../../src/fleet/fleet_operator.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { TestAgent, TestOperator } from "./fleet_bench.ts";
import type { ThreadReport } from "../../src/fleet/agent_report.ts";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import {
  type HostThread,
  LocalThreads,
  processOf,
  type ThreadHost,
} from "../../src/fleet/host_threads.ts";
import { RolloutWatch } from "../../src/fleet/rollout_watch.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

/** A host on which the main thread is among the first tenth of all, and another thread is not. */
function findHost(): { host: string; late: string } {
  for (let number = 0;; number++) {
    const host = `web-${number}`, app = "shop";
    if (positionOf({ host, app, thread: "MainProcess" }) >= 0.1) continue;
    const late = ["Late 1", "Late 2", "Late 3"].find((thread) =>
      positionOf({ host, app, thread }) > 0.5
    );
    if (late !== undefined) return { host, late };
  }
}

Deno.test("a refusal stops the rollout of the change that is refused, and no other", () => {
  const watch = new RolloutWatch({} as ThreadHost);
  const change = (id: string) =>
    ({ id, rollout: { steps: [1], every: 60_000 } }) as unknown as StoredChange;
  const changes = [
    { id: "old", state: "rejected", detail: "its own" },
    { id: "good", state: "applied" },
    { id: "bad", state: "rejected", detail: "no such handler" },
    { id: "later", state: "waiting" },
  ];
  const report = { pid: 1, port: 9001, thread: "W", changes } as unknown as ThreadReport;
  const reported = [{ process: "1", report }];
  assertEquals(watch.breaches(["good", "bad", "later"].map(change), reported, [], 0), [
    { id: "bad", reason: "W rejects it: no such handler" },
  ]);
});

Deno.test("lines are counted over the time in which they were logged, and not over that between looks", () => {
  const watch = new RolloutWatch({
    countErrors: () => ({ count: () => 0, end() {} }),
  } as unknown as ThreadHost);
  const change = { id: "a", rollout: { steps: [1], every: 60_000, maxLines: 100 } };
  const report = { pid: 1, thread: "MainProcess", changes: [{ id: "a", state: "applied" }] };
  const breaches = (lines: number, toldAt: number, now: number) => {
    const at = new Date(toldAt).toISOString();
    const status = { pid: 1, written: { at, total: { DEBUG: lines }, perSecond: {}, seconds: 1 } };
    const thread = { target: { port: 1 }, status } as unknown as HostThread;
    return watch.breaches(
      [change as unknown as StoredChange],
      [{ process: processOf(thread), report: report as unknown as ThreadReport }],
      [thread],
      now,
    ).map(({ reason }) => reason);
  };
  // 40 lines a second; when the change was sent, a thread let its agent wait for two seconds.
  assertEquals(breaches(0, 10_000, 12_000), []);
  assertEquals(breaches(120, 13_000, 13_000), []);
  // The clock of the host was set back by an hour.
  assertEquals(breaches(160, 13_000 - 3_600_000, 14_000), []);
  const reason = "140 lines/s, more than 100, of the program of MainProcess";
  assertEquals(breaches(300, 14_000 - 3_600_000, 15_000), [reason]);
});

Deno.test("lines of programs with one process number, as in containers, count for each by itself", () => {
  const watch = new RolloutWatch({} as ThreadHost);
  const change = { id: "a", rollout: { steps: [1], every: 60_000, maxLines: 100 } };
  const breaches = (now: number, ...lines: number[]) => {
    const written = (total: number) => ({
      at: new Date(now).toISOString(),
      total: { DEBUG: total },
    });
    const threads = lines.map((total, at) => {
      const status = { pid: 1, instance: `${at}`, written: written(total) };
      return { target: { port: at, status }, status } as unknown as HostThread;
    });
    const report = { pid: 1, thread: "MainProcess", changes: [{ id: "a", state: "applied" }] };
    const reported = threads.map((one) => ({
      process: processOf(one),
      report: report as unknown as ThreadReport,
    }));
    return watch.breaches([change as unknown as StoredChange], reported, threads, now)
      .map(({ reason }) => reason);
  };
  assertEquals(breaches(10_000, 0), []);
  // Another one is found, which has written lines before.
  assertEquals(breaches(11_000, 60, 5000), []);
  assertEquals(breaches(12_000, 120, 5060), []);
  const reason = "140 lines/s, more than 100, of the program of MainProcess";
  assertEquals(breaches(13_000, 180, 5200), [reason]);
});

Deno.test({
  name: "a rollout goes step by step with nobody at a terminal, and stops where it does harm",
  ignore: !hasNatsServer(),
  fn: async (t) => {
    const step = async (name: string, act: () => Promise<void>) => {
      if (!await t.step(name, act)) throw new Error("The rest has not been tried");
    };
    using ports = PortBlock.claim(4);
    await using server = NatsServer.single();
    await server.start();
    const early = new LocalThreads({ ports: ports.range }).countErrors();
    await using shop = new ShopProgram(ports);
    const { host, late } = findHost();
    await shop.until("a port", () => true);
    await shop.startThread(late);
    await shop.until("a port", () => true, late);
    await using operator = await TestOperator.connect(server.url);
    await using _agent = new TestAgent(server.url, ports, { hostName: host });

    /** Logs until the rollout has been taken back. */
    const logUntilBack = async (kept: KeptChange, logger: string, reason: RegExp) => {
      let isBack = false;
      const logging = async () => {
        for (let count = 0; !isBack; count++) {
          await shop.log(logger, `${logger} ${count}`);
          await shop.child.until(`ERROR|${logger} ${count}`);
        }
      };
      const back = untilBack(kept, reason).finally(() => isBack = true);
      await Promise.all([logging(), back]);
    };
    const untilBack = async (kept: KeptChange, reason: RegExp) => {
      const halt = await eventually("the halt", async () => {
        const actions = await operator.operator.history();
        return actions.find(({ label, ids }) => label === "halt" && ids.includes(kept.change.id));
      });
      await shop.until("the level before", ({ levels }) => levels["app.x"] === undefined);
      await shop.untilHas();
      assert(reason.test(halt.reason!), halt.reason);
      const { stdout } = await runCommand(["fleet", "history", "--nats", server.url]);
      assert(stdout.includes(halt.reason!), stdout);
    };
    const roll = async (rollout: Partial<Rollout>) =>
      await operator.set({ "app.x": "DEBUG" }, {
        lasts: 600_000,
        rollout: { steps: [0.1, 1], every: 300_000, ...rollout },
      });
    const untilFirst = async (kept: KeptChange) =>
      await operator.until(
        kept,
        "the first step",
        (rows) => rows.map(({ state }) => state).join() === "applied,waiting",
      );

    await step("the next step begins by the time alone", async () => {
      const kept = await roll({ every: 1000 });
      await operator.untilApplied(kept, 2);
      // Agents know the server's clock but for the way of a message.
      const passed = Date.now() - kept.change.at;
      assert(passed > 900, `${passed} ms`);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas();
    });

    await step("too many lines stop it", async () => {
      const kept = await roll({ maxLines: 2 });
      await untilFirst(kept);
      await logUntilBack(kept, "app.x", /lines\/s, more than 2,/);
    });

    await step("too many lines stop it, also where no number of lines ends it", async () => {
      const rollout = { steps: [0.1, 1], every: 300_000, maxLines: 2 };
      const kept = await operator.set({ "app.x": "INFO" }, { rollout });
      await untilFirst(kept);
      await logUntilBack(kept, "app.x", /lines\/s, more than 2,/);
    });

    await step("too many lines stop it, also in a last step that is over at once", async () => {
      const kept = await roll({ every: 100, maxLines: 2 });
      await operator.untilApplied(kept, 2);
      await logUntilBack(kept, "app.x", /lines\/s, more than 2,/);
    });

    await step("too many errors stop it", async () => {
      const kept = await roll({ maxErrors: 1 });
      await untilFirst(kept);
      await logUntilBack(kept, "other", /errors\/s, more than 1/);
    });

    await step("errors of a program that comes later, or once more, are counted", async () => {
      for (let count = 0; early.count() === 0; count++) {
        await shop.log("other", `later ${count}`);
        await shop.child.until(`ERROR|later ${count}`);
      }
      early.end();
    });

    await step("whoever waits for a rollout that is stopped is told so", async () => {
      const words = ["app.x=NOPE", "--rollout", "100%", "--nats", server.url];
      const { code, stdout } = await runCommand(["fleet", "set", ...words]);
      assertEquals(code, 1);
      assert(/stopped by the agent of .*MainProcess rejects it/.test(stdout), stdout);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
    });

    await step("a thread that rejects it stops it", async () => {
      const text = JSON.stringify({ version: 1, root: { handlers: ["nowhere"] } });
      const kept = await operator.operator.add({
        label: "send bad",
        text,
        to: {},
        rollout: { steps: [0.1, 1], every: 300_000 },
      });
      await untilBack(kept, /MainProcess rejects it: .*nowhere/);
    });
  },
});
