import type { Case } from "../case.ts";
import { measureConfig, type Way } from "../config/measure.ts";

const WAYS: readonly [way: Way, name: string, what: string][] = [
  ["dictConfig", "dict-config", "dictConfig with a level for each of"],
  ["incremental", "incremental", "Incremental dictConfig with a level for each of"],
  ["setLevel", "set-level", "setLevel of the logger above"],
];

const COUNTS = [1, 100, 10_000];

/** What a change takes in the thread that applies it. */
export const CONFIG_COST: readonly Case[] = WAYS.flatMap(([way, name, what]) =>
  COUNTS.map((count): Case => ({
    name: `${name}-${count}`,
    description: `${what} ${count} ${count === 1 ? "logger" : "loggers"}, until each has obeyed`,
    run: (options) => measureConfig(way, count, options),
  }))
);
