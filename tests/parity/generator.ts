import { Random } from "../harness/python_oracle.ts";
import type { Case, LogMethod, Step } from "./case.ts";
import { confText } from "./conf_cases.ts";
import { configDict } from "./dict_cases.ts";
import {
  ANY_LOGGER_NAMES,
  Chooser,
  FORMATS,
  LEVEL_NAMES,
  LOGGER_NAMES,
  MESSAGES,
  OTHER_MESSAGES,
  WRONG_FORMATS,
  WRONG_LEVELS,
} from "./names.ts";

const METHODS: readonly LogMethod[] = ["debug", "info", "warning", "error", "critical", "fatal"];
const LEVELS = [-5, 0, 1, 5, 10, 15, 20, 25, 30, 40, 50, 60, 1000];

/** The cases of a seed; each depends on the seed and its number only. */
export function generateCases(seed: number, count: number): Case[] {
  return Array.from({ length: count }, (_, number) => generateCase(seed, number));
}

function generateCase(seed: number, number: number): Case {
  const random = new Random(Math.imul(seed, 0x9e3779b1) + number);
  const choose = new Chooser(random, random.pick([0, 0, 0.01, 0.03, 0.1]));
  const kind = random.below(10);
  const steps = kind < 3
    ? [...before(choose), ...confSteps(choose), ...talk(choose)]
    : kind < 6
    ? [...before(choose), ...dictSteps(choose), ...talk(choose)]
    : script(choose, `L${number}`);
  if (!hasSideEffects(steps)) return { steps };
  return { steps: steps.filter(({ op }) => op !== "reread" && op !== "shutdown") };
}

/** Whether setting up the same once more empties files or flushes records. */
function hasSideEffects(steps: readonly Step[]): boolean {
  // Handlers of an older configuration get their names back, which incremental ones find.
  return /\{dir\}|MemoryHandler|"incremental"/.test(JSON.stringify(steps));
}

/** Loggers that are there before the configuration. */
function before(choose: Chooser): Step[] {
  if (choose.chance(0.5)) return [];
  return Array.from({ length: 1 + choose.below(5) }, () => {
    const name = choose.pick(ANY_LOGGER_NAMES);
    return choose.pick<() => Step>([
      () => ({ op: "get", name }),
      () => ({ op: "level", name, level: choose.pick(LEVEL_NAMES) }),
      () => ({ op: "handler", name, stream: "stdout", format: "old %(name)s %(message)s" }),
      () => ({ op: "propagate", name, value: choose.chance(0.5) }),
      () => ({ op: "disabled", name, value: choose.chance(0.5) }),
    ])();
  });
}

function confSteps(choose: Chooser): Step[] {
  const { text, names } = confText(choose);
  return [
    { op: "file", text, disable: choose.chance(0.7), ...given(choose) },
    ...reread(choose),
    probe(choose, names),
  ];
}

function given(choose: Chooser): { defaults?: Record<string, string> } {
  if (!choose.chance(0.1)) return {};
  return { defaults: { LEVEL: choose.pick(LEVEL_NAMES), word: "DEBUG", pair: "%(level)s" } };
}

function dictSteps(choose: Chooser): Step[] {
  const { config, names } = configDict(choose);
  return [{ op: "dict", config }, ...reread(choose), probe(choose, names)];
}

function reread(choose: Chooser): Step[] {
  return choose.chance(0.3) ? [{ op: "reread", as: choose.pick(["dict", "conf"]) }] : [];
}

function probe(choose: Chooser, names: readonly string[]): Step {
  return { op: "probe", names: ["root", ...names, ...choose.some(ANY_LOGGER_NAMES, 0.1)] };
}

function talk(choose: Chooser): Step[] {
  return Array.from(
    { length: choose.below(4) },
    () => logStep(choose, choose.pick(ANY_LOGGER_NAMES)),
  );
}

function logStep(choose: Chooser, name: string): Step {
  const [msg, args] = choose.chance(0.05) ? choose.pick(OTHER_MESSAGES) : choose.pick(MESSAGES);
  const call = { msg, args: [...args], ...extraFields(choose, msg) };
  return choose.chance(0.7)
    ? { op: "log", name, method: choose.pick(METHODS), ...call }
    : { op: "logAt", name, level: choose.pick(LEVELS), ...call };
}

/** Where they cannot be taken for a mapping of the message. */
function extraFields(choose: Chooser, msg: unknown): { extra?: Record<string, unknown> } {
  if (!choose.chance(0.15) || (typeof msg === "string" && msg.includes("%("))) return {};
  return {
    extra: JSON.parse(choose.pick(['{"user":"eve"}', '{"__proto__":1,"constructor":"c"}'])),
  };
}

/** A program that does this and that. */
function script(choose: Chooser, ownLevel: string): Step[] {
  // Few names, so that steps meet.
  const names = Array.from({ length: 2 + choose.below(6) }, () => choose.pick(ANY_LOGGER_NAMES));
  const steps: Step[] = [];
  for (let left = 3 + choose.below(20); left > 0; left--) {
    const name = choose.pick(names);
    steps.push(...scriptStep(choose, name, ownLevel));
  }
  if (choose.chance(0.5)) steps.push({ op: "probe", names });
  return steps;
}

function scriptStep(choose: Chooser, name: string, ownLevel: string): Step[] {
  const level = () =>
    choose.chance(0.2)
      ? choose.usual<unknown>([...LEVELS, ownLevel], [2.5, null, [], ""], 1)
      : choose.usual<unknown>(LEVEL_NAMES, WRONG_LEVELS);
  const kind = choose.below(100);
  if (kind < 8) return [{ op: "get", name }];
  if (kind < 11) return [{ op: "child", name, suffix: choose.pick(LOGGER_NAMES) }];
  if (kind < 21) return [{ op: "level", name, level: level() }];
  if (kind < 25) return [{ op: "propagate", name, value: choose.chance(0.5) }];
  if (kind < 28) return [{ op: "disabled", name, value: choose.chance(0.6) }];
  if (kind < 31) return [{ op: "disable", level: choose.chance(0.5) ? 0 : level() }];
  if (kind < 33) {
    return [{ op: "addLevel", level: choose.pick([5, 25, 20, 0, -5]), name: ownLevel }];
  }
  if (kind < 35) return [{ op: "levelName", level: choose.pick([...LEVELS, ...LEVEL_NAMES, "x"]) }];
  if (kind < 38) return [{ op: "enabled", name, level: choose.pick(LEVELS) }];
  if (kind < 40) return [{ op: "has", name }];
  if (kind < 41) return [{ op: "replace", name, msg: choose.pick(["other", "%s", "100%"]) }];
  if (kind < 43) return [{ op: "filter", name, filter: choose.pick(ANY_LOGGER_NAMES) }];
  if (kind < 51) return [{ op: "handler", name, ...handlerOptions(choose) }];
  if (kind < 52) return [{ op: "lastResort", value: choose.chance(0.5) }];
  if (kind < 53) return [{ op: "raising", value: choose.chance(0.5) }];
  if (kind < 57) return [{ op: "basic", options: basicOptions(choose) }];
  if (kind < 58) return [{ op: choose.pick(["shutdown", "drain"]) }];
  if (kind < 60) return [{ op: "reread", as: choose.pick(["dict", "conf"]) }];
  if (kind < 64) return confSteps(choose);
  if (kind < 72) return dictSteps(choose);
  return [logStep(choose, name)];
}

function handlerOptions(choose: Chooser): { stream?: string; level?: string; format?: string } {
  const options: Record<string, string> = { stream: choose.pick(["stdout", "stderr"]) };
  if (choose.chance(0.3)) options.level = choose.usual(LEVEL_NAMES, WRONG_LEVELS);
  if (choose.chance(0.7)) {
    const style = choose.pick(["%", "%", "{", "$"]);
    if (style !== "%") options.style = style;
    options.format = choose.usual(FORMATS[style]!, WRONG_FORMATS[style]!);
  }
  return options;
}

function basicOptions(choose: Chooser): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  if (choose.chance(0.5)) options.level = choose.usual<unknown>([...LEVEL_NAMES, 5], WRONG_LEVELS);
  if (choose.chance(0.5)) {
    options.style = choose.usual(["%", "{", "$"], ["x", ""]);
    const known = Object.hasOwn(FORMATS, options.style as string) ? options.style as string : "%";
    options.format = choose.usual(FORMATS[known]!, WRONG_FORMATS[known]!);
  }
  if (choose.chance(0.3)) options.datefmt = "%Y";
  if (choose.chance(0.4)) options.force = choose.chance(0.7);
  if (choose.chance(0.5)) options.stream = choose.pick(["stdout", "stderr"]);
  else if (choose.chance(0.3)) options.handlers = [handlerOptions(choose), handlerOptions(choose)];
  if (choose.wild(0.5)) options.handlers = [];
  if (choose.wild(0.5)) options.unknown = 1;
  return options;
}
