import type { FleetChange } from "../../src/fleet/fleet_change.ts";
import { type AgentOptions, FleetAgent } from "../../src/fleet/fleet_agent.ts";
import {
  type ChangeRow,
  FleetOperator,
  type KeptChange,
  rowsFor,
  type SeenAgent,
} from "../../src/fleet/fleet_operator.ts";
import { LocalThreads } from "../../src/fleet/host_threads.ts";
import { levelsConfig } from "../../src/client/levels_config.ts";
import { within } from "../harness/deadline.ts";
import type { CommandResult } from "../harness/command_line.ts";
import { runCommand } from "../harness/run_command.ts";
import type { PortBlock } from "../harness/port_block.ts";

/** An agent that serves the listeners on some ports, and ends with its scope. */
export class TestAgent implements AsyncDisposable {
  readonly agent: FleetAgent;
  /** What it has said. */
  readonly said: string[] = [];

  constructor(nats: string, ports: PortBlock, more: Partial<AgentOptions> = {}) {
    this.agent = new FleetAgent({
      nats,
      hostName: "h1",
      agentName: ports.text,
      lookEvery: 100,
      pingEvery: 300,
      say: (text) => this.said.push(text),
      ...more,
    }, new LocalThreads({ ports: ports.range }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.close();
  }
}

/** Runs `logdial fleet` with a server. */
export function fleetAt(nats: string): (...words: readonly string[]) => Promise<CommandResult> {
  return (...words) => runCommand(["fleet", ...words, "--nats", nats]);
}

/** An operator, with what tests want of one. */
export class TestOperator implements AsyncDisposable {
  readonly operator: FleetOperator;

  private constructor(operator: FleetOperator) {
    this.operator = operator;
  }

  static async connect(nats: string): Promise<TestOperator> {
    return new TestOperator(await FleetOperator.connect({ nats }));
  }

  /** Stores a change of levels. */
  async set(
    levels: Record<string, string>,
    more: Partial<FleetChange> = {},
  ): Promise<KeptChange> {
    const label = `set ${Object.entries(levels).map(([name, level]) => `${name}=${level}`)}`;
    return await this.operator.add({ label, text: levelsConfig(levels, true), to: {}, ...more });
  }

  /** Waits until what agents tell of a change fits. */
  async until(
    kept: KeptChange,
    what: string,
    isThere: (rows: readonly ChangeRow[]) => boolean,
  ): Promise<readonly ChangeRow[]> {
    return await this.untilSeen(what, (agents) => {
      const rows = rowsFor(kept, agents);
      return isThere(rows) ? rows : undefined;
    });
  }

  /** Waits until so many threads have a change. */
  async untilApplied(kept: KeptChange, count: number): Promise<readonly ChangeRow[]> {
    return await this.until(
      kept,
      `${kept.change.label} at ${count} threads`,
      (rows) => rows.filter(({ state }) => state === "applied").length === count,
    );
  }

  /** When the agent of a host has told something last. */
  async seenAt(host: string): Promise<number> {
    const seen = await this.operator.agents();
    return Math.max(...seen.flatMap(({ report, at }) => report.host === host ? at : []));
  }

  /** Waits until what agents tell fits. */
  async untilSeen<T>(
    what: string,
    look: (agents: readonly SeenAgent[]) => T | undefined,
  ): Promise<T> {
    const { agents, stop } = await this.operator.follow();
    const known = new Map<string, SeenAgent>();
    const find = async () => {
      for await (const agent of agents) {
        known.set(`${agent.report.host} ${agent.report.agent}`, agent);
        const found = look([...known.values()]);
        if (found !== undefined) return found;
      }
      throw new Error(`The connection has ended, waiting for ${what}`);
    };
    try {
      return await within(
        find(),
        () => `${what}; told was ${JSON.stringify([...known.values()]).slice(0, 5000)}`,
      );
    } finally {
      stop();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.operator.close();
  }
}
