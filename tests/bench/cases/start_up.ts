import type { Case } from "../case.ts";
import { measureStart, measureStartMemory, type StartPlan } from "../start_up/measure.ts";

/** What is started, and what may be paid for it. */
interface Start extends StartPlan {
  readonly name: string;
  readonly description: string;
  /** Highest ratio of the time from start to end. */
  readonly time: number;
  /** Most that it may take in memory beyond its peer, in MiB. */
  readonly memory: number;
}

const STARTS: readonly Start[] = [
  {
    name: "core",
    description: "A program that logs one line with logdial/core",
    program: "core",
    peer: "console",
    unrun: true,
    time: 1.35,
    memory: 4.5,
  },
  {
    name: "config",
    description: "A program that reads a configuration and logs one line",
    program: "config",
    peer: "console",
    beside: ["logtape", "pino", "winston"],
    unrun: true,
    time: 1.8,
    memory: 8,
  },
  {
    name: "listening",
    description: "A program that logs one line with LOGGER, and listens by then",
    program: "listening",
    peer: "console",
    beside: ["config_and_thread"],
    unrun: new URL("../../../src/hub/life/run_hub.ts", import.meta.url),
    time: 3.7,
    memory: 24,
  },
  {
    name: "worker",
    description: "A worker that logs one line with LOGGER, beside an empty one",
    program: "worker",
    peer: "empty_worker",
    time: 2.4,
    memory: 5,
  },
  {
    name: "status",
    description: "The command status, where nobody listens",
    program: "status",
    peer: "console",
    unrun: true,
    time: 1.4,
    memory: 8,
  },
];

/** What there is to pay before the first line: whole processes, with modules in Deno's cache. */
export const START_UP: readonly Case[] = STARTS.flatMap((start) => [
  {
    name: `start-${start.name}`,
    description: `${start.description}: how long it takes`,
    run: ({ pace }) => measureStart(start, pace, start.time),
  },
  {
    name: `start-${start.name}-memory`,
    description: `${start.description}: the most memory`,
    run: ({ pace }) => measureStartMemory(start, pace, start.memory),
  },
]);
