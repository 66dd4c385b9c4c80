import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { history } from "../../src/client/commands.ts";
import type { PastChange } from "../../src/client/read_results.ts";
import { rollback } from "../../src/client/rollback.ts";
import { set } from "../../src/client/commands.ts";
import { type ChangeRow, rowsFor } from "../../src/fleet/fleet_operator.ts";
import { readWireId } from "../../src/fleet/thread_plan.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { eventually } from "../harness/deadline.ts";
import { PortBlock } from "../harness/port_block.ts";
import { runCommand } from "../harness/run_command.ts";
import { TestAgent, TestOperator } from "./fleet_bench.ts";
import { hasNatsServer, NatsServer } from "./nats_server.ts";
import { ShopProgram } from "./shop_program.ts";

Deno.test({
  name: "a fleet keeps its promises with a real server",
  ignore: !hasNatsServer(),
  fn: async (t) => {
    // Each goes on from where the one before has come to.
    const step = async (name: string, act: () => Promise<void>) => {
      if (!await t.step(name, act)) throw new Error("The rest has not been tried");
    };
    using ports = PortBlock.claim(8);
    await using server = NatsServer.single();
    const targets = { ports: ports.range };
    await using shops = new AsyncDisposableStack();
    let shop = shops.use(new ShopProgram(ports));
    await shop.until("a port", () => true);
    await using agents = new AsyncDisposableStack();
    const agent = agents.use(new TestAgent(server.url, ports));

    await step("the server may come after the agent", async () => {
      await server.start();
      // Others may only write when there are buckets, which an operator makes.
      await using operator = await TestOperator.connect(server.url);
      const kept = await operator.set({ app: "INFO" });
      const [row] = await operator.untilApplied(kept, 1);
      assertEquals([row!.host, row!.app, row!.thread], ["h1", "shop", "MainProcess"]);
      assert(agent.said.includes("connected"), agent.said.join());
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas();
    });

    await using operator = await TestOperator.connect(server.url);

    await step("who comes later, or is started anew, gets the rest of an override", async () => {
      const kept = await operator.set({ "app.db": "DEBUG" }, {
        lasts: 600_000,
        lines: 1000,
        shares: 1,
      });
      await operator.untilApplied(kept, 1);
      await shop.startThread("Late");
      const late = await shop.until("an override", (one) => one.overrides.length === 1, "Late");
      const end = kept.change.at + 600_000;
      const isRest = ({ overrides: [override] }: ThreadStatus) =>
        Math.abs(Date.parse(override!.until) - end) < 2000;
      assert(isRest(late), JSON.stringify([late, end]));
      await shop.log("app.db", "one");
      await shop.child.until("DEBUG|one");
      await operator.untilSeen(
        "a line less",
        (seen) =>
          seen.some(({ report: { threads } }) =>
              threads.some(({ changes }) => changes.some(({ linesLeft }) => linesLeft === 999))
            )
            ? true
            : undefined,
      );
      const before = (await shop.until("a port", () => true)).pid;
      await shop[Symbol.asyncDispose]();
      shop = shops.use(new ShopProgram(ports));
      const again = await shop.until(
        "an override",
        (one) => one.pid !== before && one.overrides.length === 1,
      );
      assert(isRest(again), JSON.stringify([again, end]));
      assertEquals(again.overrides[0]!.maxLines, 999);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas();
    });

    await step("lines that have been logged are gone for who is started anew, too", async () => {
      const kept = await operator.set({ "app.db": "DEBUG" }, {
        lasts: 600_000,
        lines: 2,
        shares: 1,
      });
      await operator.untilApplied(kept, 1);
      for (const text of ["first", "second"]) await shop.log("app.db", text);
      const ended = (rows: readonly ChangeRow[]) => rows.some(({ state }) => state === "ended");
      await operator.until(kept, "their end", ended);
      const before = (await shop.until("a port", () => true)).pid;
      await shop[Symbol.asyncDispose]();
      shop = shops.use(new ShopProgram(ports));
      const rows = await operator.until(
        kept,
        "what the next one is told",
        ([row]) => row !== undefined && row.pid !== before && row.state !== "pending",
      );
      assertEquals(rows.map(({ state, detail }) => [state, detail]), [
        ["ended", "its lines have been logged"],
      ]);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
      await shop.untilHas();
    });

    await step("a thread that cannot take a change says why", async () => {
      const text = JSON.stringify({
        version: 1,
        handlers: { x: { class: "no.such.Handler" } },
        root: { handlers: ["x"] },
      });
      const kept = await operator.operator.add({ label: "send bad", text, to: {} });
      const [row] = await operator.until(
        kept,
        "a refusal",
        (rows) => rows.some(({ state }) => state === "rejected"),
      );
      assert(row!.detail?.includes("no.such.Handler"), row!.detail);
      const { code, stdout } = await runCommand(["fleet", "diff", "--nats", server.url]);
      assertEquals(code, 4);
      assert(stdout.includes("send bad rejected"), stdout);
      await operator.operator.takeBack(1, {}, { label: "rollback 1" });
    });

    await step("what was changed at the host is told, and never overwritten", async () => {
      const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000 });
      await operator.untilApplied(kept, 1);
      await rollback(1, { ...targets, by: "kim@h1" });
      const [row] = await operator.until(
        kept,
        "its end",
        (rows) => rows.some(({ state }) => state === "ended"),
      );
      assert(row!.detail?.includes("kim@h1"), row!.detail);
      await set({ "app.x": "ERROR" }, { ...targets, by: "kim@h1" });
      await operator.untilSeen(
        "the change of the host",
        (seen) =>
          seen.some(({ report: { threads } }) =>
              threads.some(({ drift }) => drift.some((one) => one.includes("app.x=ERROR")))
            )
            ? true
            : undefined,
      );
      // Another change has come since, and the agent has looked at all.
      const other = await operator.set({ "app.y": "ERROR" });
      const rows = await operator.untilApplied(other, 1);
      assertEquals(rows.length, 1);
      const { levels } = await shop.untilHas(other.change.id);
      assertEquals([levels.app, levels["app.x"], levels["app.y"]], [undefined, "ERROR", "ERROR"]);
      const { stdout } = await runCommand(["fleet", "status", "--nats", server.url]);
      assert(stdout.includes("ended: rollback 1 by kim@h1"), stdout);
      await operator.operator.takeBack(2, {}, { label: "rollback 2" });
      await shop.untilHas();
      await rollback(1, targets);
    });

    await step(
      "two agents of a host come to the same, with clocks that are 10 s apart",
      async () => {
        await using _second = new TestAgent(server.url, ports, {
          agentName: "second",
          clock: () => Date.now() + 5000,
        });
        await using _third = new TestAgent(server.url, ports, {
          agentName: "third",
          clock: () => Date.now() - 5000,
        });
        await operator.untilSeen(
          "three agents",
          (seen) =>
            seen.filter(({ report: { threads } }) => threads.length > 0).length === 3 || undefined,
        );
        const below = await operator.set({ app: "DEBUG" }, { to: { host: "h1" }, lasts: 600_000 });
        const kept = await operator.set({ app: "ERROR" }, { lasts: 600_000 });
        for (const one of [below, kept]) {
          await operator.untilSeen(
            `${one.change.label} from all agents`,
            (seen) =>
              seen.filter(({ report: { threads } }) =>
                  threads.some(({ changes }) =>
                    changes.some(({ id, state }) => id === one.change.id && state === "applied")
                  )
                ).length === 3 || undefined,
          );
        }
        // What says more exactly whom it means lies above what came later.
        const { overrides, levels } = await shop.untilHas(kept.change.id, below.change.id);
        assertEquals(levels.app, "DEBUG");
        for (const { until, id = "" } of overrides) {
          const { change } = readWireId(id)!.id === kept.change.id ? kept : below;
          const off = Math.abs(Date.parse(until) - (change.at + 600_000));
          assert(off < 2000, `${off} ms off`);
        }
        await operator.operator.takeBack(2, {}, { label: "rollback 2" });
        await shop.untilHas();
      },
    );

    await step("what a thread has still that computes is not told as taken back", async () => {
      await shop.startThread("Computes");
      await shop.until("its start", () => true, "Computes");
      const to = { thread: "Computes" };
      const lasting = await operator.set({ "app.x": "ERROR" }, { to });
      const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000, to });
      for (const one of [lasting, kept]) await operator.untilApplied(one, 1);
      const order = { do: "compute", ms: 600_000 };
      await shop.child.tell(JSON.stringify({ to: "Computes", order }));
      await shop.child.until("computing");
      const words = ["--thread", "Computes", "--wait", "3s", "--nats", server.url];
      assertEquals((await runCommand(["fleet", "rollback", ...words])).code, 4);
      await operator.operator.takeBack(1, to, { label: "rollback 1" });
      for (const one of [lasting, kept]) {
        await operator.until(
          one,
          "that it waits",
          ([row]) => row?.state === "pending" && row.isLeaving === true,
        );
      }
      const { code, stdout } = await runCommand(["fleet", "diff", "--nats", server.url]);
      assertEquals(code, 4);
      assert(stdout.includes("it is taken back with the next log call"), stdout);
      await shop[Symbol.asyncDispose]();
      shop = shops.use(new ShopProgram(ports));
      await shop.until("a port", () => true);
    });

    await step("a logger that no thread has is told as new, as set tells it", async () => {
      await shop.startThread("Other");
      await shop.until("its start", () => true, "Other");
      await shop.log("app.orders", "only in the main thread");
      await shop.child.until("ERROR|only in the main thread");
      await operator.untilApplied(await operator.set({ "app.y": "ERROR" }), 2);
      const set = async (word: string) =>
        (await runCommand(["fleet", "set", word, "--nats", server.url])).stdout;
      const note = 'app.orderz is a new logger, did you mean "app.orders"?';
      assertStringIncludes(await set("app.orderz=ERROR"), note);
      for (const known of ["app.orderz=INFO", "app.orders=INFO"]) {
        assert(!(await set(known)).includes("new logger"), known);
      }
      await operator.operator.takeBack(4, {}, { label: "rollback 4" });
      await shop.untilHas();
      await shop[Symbol.asyncDispose]();
      shop = shops.use(new ShopProgram(ports));
      await shop.until("a port", () => true);
    });

    await step(
      "of two agents that are the same, one ends, and the other's word stands",
      async () => {
        const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000 });
        await operator.untilApplied(kept, 1);
        const same = new TestAgent(server.url, ports);
        await eventually("its connection", () => same.said.includes("connected") || undefined);
        const next = await operator.set({ "app.x": "ERROR" });
        await operator.untilApplied(next, 1);
        await same[Symbol.asyncDispose]();
        const rows = rowsFor(next, await operator.operator.agents());
        assertEquals(rows.map(({ thread }) => thread), ["MainProcess"], "nothing is taken back");
        // The other one's last word may be from before the change.
        await operator.untilApplied(next, 1);
        await operator.operator.takeBack(2, {}, { label: "rollback 2" });
        await shop.untilHas();
      },
    );

    await step(
      "an agent that ends leaves all as it is, and the next one goes on",
      async () => {
        const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000 });
        await operator.untilApplied(kept, 1);
        await agents.disposeAsync();
        const ended = await operator.operator.takeBack(1, {}, { label: "rollback 1" });
        assertEquals(ended.map(({ id }) => id), [kept.change.id]);
        const next = await operator.set({ "app.z": "ERROR" });
        await using _agent = new TestAgent(server.url, ports);
        await operator.untilApplied(next, 1);
        const { levels } = await shop.untilHas(next.change.id);
        assertEquals([levels.app, levels["app.z"]], [undefined, "ERROR"]);
        const [delivery] = await history({ ...targets, name: "MainProcess" });
        const result = delivery!.result as readonly PastChange[];
        const times = (id: string) =>
          result.filter((one) => one.what === "change" && readWireId(one.id ?? "")?.id === id)
            .length;
        assertEquals([times(kept.change.id), times(next.change.id)], [1, 1]);
        await operator.operator.takeBack(1, {}, { label: "rollback 1" });
        await shop.untilHas();
      },
    );
  },
});
