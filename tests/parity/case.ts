import type { ConfigDict } from "./dict_cases.ts";

/** How a handler that the program makes itself is made. */
export interface HandlerStep {
  stream?: string;
  level?: number | string;
  format?: string;
  style?: string;
}

/** One thing that a program does; `oracle.py` has a method of the same name for each `op`. */
export type Step =
  | { op: "get"; name: string }
  | { op: "child"; name: string; suffix: string }
  | { op: "level"; name: string; level: unknown }
  | { op: "propagate" | "disabled"; name: string; value: boolean }
  | { op: "disable"; level: unknown }
  | { op: "addLevel"; level: number; name: string }
  | { op: "levelName"; level: number | string }
  | { op: "enabled"; name: string; level: number }
  | { op: "has"; name: string }
  | { op: "filter"; name: string; filter: string }
  | ({ op: "handler"; name: string } & HandlerStep)
  | { op: "lastResort" | "raising"; value: boolean }
  | { op: "basic"; options: Record<string, unknown> }
  | ({ op: "log"; name: string; method: LogMethod } & LogCall)
  | ({ op: "logAt"; name: string; level: number } & LogCall)
  | { op: "probe"; names: string[] }
  | { op: "reread"; as: "dict" | "conf" }
  | { op: "file"; text: string; disable: boolean; defaults?: Record<string, string> }
  | { op: "dict"; config: ConfigDict }
  | { op: "replace"; name: string; msg: string }
  | { op: "drain" | "shutdown" };

/** What is logged. */
interface LogCall {
  msg: unknown;
  args: unknown[];
  extra?: Record<string, unknown>;
}

export type LogMethod = "debug" | "info" | "warning" | "error" | "critical" | "fatal";

/** A program, run in CPython and here. */
export interface Case {
  readonly steps: readonly Step[];
}

/** What became of a step. */
export interface StepOutcome {
  readonly ok: boolean;
  readonly value?: unknown;
  /** Every logger's level, handlers and so on. */
  readonly state: unknown;
  /** The error's text, shown but not compared. */
  readonly why?: string;
}

/** What became of a case. */
export interface Outcome {
  readonly steps: readonly StepOutcome[];
  readonly stdout: string;
  readonly stderr: string;
  /** Contents of the files in the case's folder, by name. */
  readonly files: Readonly<Record<string, string>>;
}
