import { scanDefaults } from "../../client/ports/scan.ts";
import type { Targets } from "../../client/targets.ts";
import { count, fields, oneOf, optional, type Read, text } from "../../wire/shape.ts";
import { MAX_NAME } from "../../wire/told_texts.ts";
import { Problem } from "../http/problem.ts";

/** The threads that a request means, as the page says it. */
export type Scope =
  | { readonly kind: "all" }
  /** All threads of a program. */
  | { readonly kind: "app"; readonly app: string }
  /** All threads of a process; its `instance` tells it from others that have the same number. */
  | { readonly kind: "process"; readonly pid: number; readonly instance?: string }
  /** One thread of the process in which it was seen: a new thread on its port is another one. */
  | {
    readonly kind: "thread";
    readonly port: number;
    readonly pid: number;
    /** Its name, if it has no port of its own. */
    readonly name?: string;
  };

const READS: Readonly<Record<Scope["kind"], Read<Scope>>> = {
  all: fields<Extract<Scope, { kind: "all" }>>({ kind: oneOf<"all">("all") }),
  app: fields<Extract<Scope, { kind: "app" }>>({ kind: oneOf<"app">("app"), app: text(MAX_NAME) }),
  process: fields<Extract<Scope, { kind: "process" }>>({
    kind: oneOf<"process">("process"),
    pid: count(2 ** 31),
    instance: optional(text(MAX_NAME)),
  }),
  thread: fields<Extract<Scope, { kind: "thread" }>>({
    kind: oneOf<"thread">("thread"),
    port: count(65_535),
    pid: count(2 ** 31),
    name: optional(text(MAX_NAME)),
  }),
};

/** Reads which threads a request means; a request that does not say so is refused. */
export const readScope: Read<Scope> = (value, field) => {
  const { kind } = fields<{ kind: Scope["kind"] }>({
    kind: oneOf<Scope["kind"]>("all", "app", "process", "thread"),
  })(value, field);
  return READS[kind](value, field);
};

/**
 * The targets of a scope.
 *
 * @throws {Problem} Its port is none of those that the server looks at.
 */
export function targetsOf(scope: Scope, all: Targets): Targets {
  switch (scope.kind) {
    case "all":
      return all;
    case "app":
      return { ...all, app: scope.app };
    case "process":
      return {
        ...all,
        pid: scope.pid,
        ...scope.instance === undefined ? {} : { instance: scope.instance },
      };
    case "thread": {
      const { port, pid, name } = scope;
      if (!scanDefaults(all).ports.includes(port)) {
        throw new Problem(400, `Cannot reach port ${port}: it is none of those that are looked at`);
      }
      const { ports: _, ...place } = all;
      return { ...place, port, pid, ...name === undefined ? {} : { name } };
    }
  }
}
