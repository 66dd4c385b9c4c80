import { assertEquals } from "@std/assert";
import { unsettled } from "../../src/cli/fleet/change_answer.ts";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import type { FleetOperator, SeenAgent } from "../../src/fleet/fleet_operator.ts";

Deno.test("several changes that are taken back are waited for together, not one after the other", async () => {
  const ended = ["a", "b", "c"].map((id): StoredChange => ({
    id,
    label: id,
    text: "",
    to: {},
    at: 0,
  }));
  const thread = { app: "shop", thread: "W", pid: 7, port: 9101, levels: {}, drift: [] };
  const agentWith = (...ids: readonly string[]): SeenAgent => {
    const changes = ids.map((id) => ({ id, state: "applied" as const }));
    const threads = [{ ...thread, changes }];
    return { report: { version: 1, host: "h1", agent: "x", every: 1000, threads }, at: 1 };
  };
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
  const left = async () => (await unsettled(operator, ended, 1)).map(({ thread }) => thread);
  // Its agent has been killed.
  assertEquals([await left(), follows], [["W", "W", "W"], 1]);
  told.push(agentWith("b"), agentWith());
  assertEquals([await left(), follows], [[], 2]);
});
