import { assert, assertEquals } from "@std/assert";
import { unsettled } from "../../src/cli/fleet/change_answer.ts";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import type { FleetOperator, SeenAgent } from "../../src/fleet/fleet_operator.ts";
import { comeMeanwhile } from "../harness/come_meanwhile.ts";
import { within } from "../harness/deadline.ts";

const ENDED = ["a", "b", "c"].map((id): StoredChange => ({
  id,
  label: id,
  text: "",
  to: {},
  at: 0,
}));

function agentWith(...ids: readonly string[]): SeenAgent {
  const thread = { app: "shop", thread: "W", pid: 7, port: 9101, levels: {}, drift: [] };
  const changes = ids.map((id) => ({ id, state: "applied" as const }));
  const threads = [{ ...thread, changes }];
  return { report: { version: 1, host: "h1", agent: "x", every: 1000, threads }, at: 1 };
}

Deno.test("several changes that are taken back are waited for together, not one after the other", async () => {
  let follows = 0, stopped = Promise.withResolvers<void>();
  const told: SeenAgent[] = [];
  const operator = {
    isNew: false,
    agents: () => Promise.resolve([agentWith("a", "b", "c")]),
    follow: () => {
      follows++;
      stopped = Promise.withResolvers();
      const agents = async function* () {
        yield* told;
        await stopped.promise;
      };
      return Promise.resolve({ agents: agents(), stop: () => stopped.resolve() });
    },
  } as unknown as FleetOperator;
  const left = async () => {
    const rows = await within(unsettled(operator, ENDED, 1), () => "the end of the wait");
    return rows.map(({ thread }) => thread);
  };
  // Its agent has been killed.
  assertEquals([await left(), follows], [["W", "W", "W"], 1]);
  told.push(agentWith("b"), agentWith());
  assertEquals([await left(), follows], [[], 2]);
});

Deno.test("what agents have told while the command was stopped is read before it gives up", async () => {
  let isStopped = false;
  const agents = async function* () {
    await comeMeanwhile(600);
    if (!isStopped) yield agentWith();
  };
  const operator = {
    isNew: false,
    agents: () => Promise.resolve([agentWith("a", "b", "c")]),
    follow: () => Promise.resolve({ agents: agents(), stop: () => isStopped = true }),
  } as unknown as FleetOperator;
  assertEquals(await unsettled(operator, ENDED, 250), []);
});

Deno.test("of many agents that tell at the same time, each is not looked at for each of the others", async () => {
  const count = 300;
  let reads = 0;
  const agent = (at: number, ...ids: readonly string[]): SeenAgent => {
    const { report, ...more } = agentWith(...ids), host = `h${at}`;
    const counted = { ...report, host };
    Object.defineProperty(counted, "threads", {
      get() {
        reads++;
        return report.threads;
      },
    });
    return { ...more, report: counted };
  };
  const all = (...ids: readonly string[]) =>
    Array.from({ length: count }, (_, at) => agent(at, ...ids));
  const stopped = Promise.withResolvers<void>();
  const agents = async function* () {
    yield* all();
    await stopped.promise;
  };
  const operator = {
    isNew: false,
    agents: () => Promise.resolve(all("a")),
    follow: () => Promise.resolve({ agents: agents(), stop: () => stopped.resolve() }),
  } as unknown as FleetOperator;
  const rows = unsettled(operator, ENDED.slice(0, 1), 60_000);
  assertEquals(await within(rows, () => "the end of the wait"), []);
  assert(reads < 20 * count, `${reads} reads`);
});
