/**
 * `deno run -A … tests/fleet/scale.ts [instances]`: how long a fleet of simulated programs takes to
 * have a change, and to be right again after its server was away; messages and bytes a change.
 * Each instance is an agent with a connection of its own, as on a host of its own; its one thread is
 * kept in memory.
 *
 * @module
 */
import type { Delivery } from "../../src/client/request.ts";
import { FleetAgent } from "../../src/fleet/fleet_agent.ts";
import { rowsFor, type SeenAgent } from "../../src/fleet/fleet_operator.ts";
import type { HostThread, Sending, ThreadHost } from "../../src/fleet/host_threads.ts";
import type { StoredChange } from "../../src/fleet/fleet_change.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { TestOperator } from "./fleet_bench.ts";
import { NatsServer } from "./nats_server.ts";

/** A program that takes all that it is sent. */
class SimulatedHost implements ThreadHost {
  #status: ThreadStatus;

  constructor(pid: number) {
    this.#status = {
      logdial: 1,
      name: "MainProcess",
      pid,
      port: 9001,
      app: "shop",
      instance: `${pid}`,
      generation: 0,
      levels: { root: "INFO" },
      changed: null,
      pending: 0,
      overrides: [],
      changes: [],
    };
  }

  look(): Promise<HostThread[]> {
    const status = this.#status;
    return Promise.resolve([{ target: { port: 9001, status }, status }]);
  }

  past(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }

  send(_thread: HostThread, change: StoredChange, { wireId }: Sending): Promise<Delivery> {
    const { changes = [] } = this.#status;
    const known = { id: wireId, at: new Date().toISOString(), by: change.label };
    this.#status = { ...this.#status, changes: [...changes, known] };
    return Promise.resolve({ port: 9001, outcome: "applied", levels: { root: "INFO" } });
  }

  takeBack(_thread: HostThread, ids: readonly string[]): Promise<boolean> {
    const changes = this.#status.changes?.filter(({ id }) => !ids.includes(id));
    this.#status = { ...this.#status, changes };
    return Promise.resolve(true);
  }

  countErrors(): { count(): number; end(): void } {
    return { count: () => 0, end: () => {} };
  }
}

/** Agents of one process: so many of a thousand machines cannot share one thread. */
const MOST_AGENTS = 250;

/** As such a process: starts its agents, and tells what they have sent when it is asked. */
async function runAgents(url: string, from: number, end: number): Promise<void> {
  const agents: FleetAgent[] = [];
  for (let number = from; number < end; number++) {
    const options = { nats: url, hostName: `host-${number}`, agentName: "9001-9029" };
    // Looking at the threads is work of a thousand machines, too.
    agents.push(new FleetAgent({ ...options, lookEvery: 5000 }, new SimulatedHost(number + 1)));
    if (number % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  for await (const _ of Deno.stdin.readable) {
    const sum = { inMsgs: 0, outMsgs: 0, inBytes: 0, outBytes: 0 };
    for (const { stats } of agents) {
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += stats?.[name] ?? 0;
    }
    console.log(JSON.stringify(sum));
  }
}

const [first = "1000", from, end] = Deno.args;
if (from !== undefined) {
  await runAgents(first, Number(from), Number(end));
  Deno.exit();
}
const count = Number(first);
await using server = NatsServer.single();
await server.start();
const made = await TestOperator.connect(server.url);
await using processes = new AsyncDisposableStack();
const children: ChildProgram[] = [];
for (let from = 0; from < count; from += MOST_AGENTS) {
  const end = Math.min(count, from + MOST_AGENTS);
  const args = [server.url, `${from}`, `${end}`];
  const child = processes.use(ChildProgram.deno("tests/fleet/scale.ts", { args }));
  children.push(child);
  await made.untilSeen(
    `${end} agents`,
    (seen) =>
      seen.filter(({ report: { threads } }) => threads.length === 1).length === end || undefined,
  );
}
console.log(`${count} agents are there`);

async function measure(operator: TestOperator, what: string, since?: number): Promise<void> {
  const before = await totals(), stored = since ?? performance.now();
  const kept = await operator.set({ app: "DEBUG" }, { lasts: 600_000, by: "kim@laptop" });
  const { agents, stop } = await operator.operator.follow();
  const known = new Map<string, SeenAgent>(), times: number[] = [];
  for await (const agent of agents) {
    if (known.has(agent.report.host)) continue;
    if (rowsFor(kept, [agent]).some(({ state }) => state === "applied")) {
      known.set(agent.report.host, agent);
      times.push(performance.now() - stored);
    }
    if (times.length === count) break;
  }
  stop();
  const after = await totals();
  const per = (name: string) => ((after[name]! - before[name]!) / count).toFixed(1);
  const at = (part: number) => Math.round(times[Math.ceil(times.length * part) - 1]!);
  console.log(
    `${what}: half after ${at(0.5)} ms, 99 % after ${at(0.99)} ms, all after ${at(1)} ms; ` +
      `an agent got ${per("inMsgs")} messages (${per("inBytes")} bytes), ` +
      `sent ${per("outMsgs")} (${per("outBytes")} bytes)`,
  );
}

async function totals(): Promise<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const child of children) {
    const from = child.stdout.lines.length;
    await child.tell("stats");
    const told = JSON.parse(await child.until("inMsgs", from)) as Record<string, number>;
    for (const [name, value] of Object.entries(told)) sum[name] = (sum[name] ?? 0) + value;
  }
  return sum;
}

for (let time = 1; time <= 3; time++) await measure(made, `change ${time}`);
await made[Symbol.asyncDispose]();
await server.kill();
console.log("the server is killed for 5 s");
await new Promise((resolve) => setTimeout(resolve, 5000));
await server.start();
const back = performance.now();
const operator = await TestOperator.connect(server.url);
await measure(operator, "after the server's return", back);
await operator[Symbol.asyncDispose]();
// Here, since nothing is disposed of by itself when the program is ended by the next line.
for (const child of children) await child[Symbol.asyncDispose]();
await server[Symbol.asyncDispose]();
Deno.exit();
