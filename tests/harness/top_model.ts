import { emptyModel, type SeenThread, type TopModel } from "../../src/cli/top/model.ts";
import type { ThreadStatus } from "../../src/wire/message.ts";
import type { LoggerInfo } from "../../src/wire/logger_info.ts";

/** The time at which tests look at their models, in milliseconds since the epoch. */
export const NOW: number = Date.parse("2026-11-28T12:00:00.000Z");

/** A thread that listens at a port. */
export function seenThread(
  port: number,
  name: string,
  told: Partial<ThreadStatus> = {},
): SeenThread {
  const status: ThreadStatus = {
    logdial: 1,
    name,
    pid: 4711,
    port,
    app: "shop",
    generation: 1,
    levels: { root: "INFO" },
    changed: null,
    pending: 0,
    overrides: [],
    ...told,
  };
  return { key: String(port), port, isFollower: false, status, askedAt: performance.now() };
}

/** A thread that has no port of its own. */
export function seenFollower(port: number, name: string): SeenThread {
  const thread = seenThread(port, name);
  return { ...thread, key: `${port} 4711 ${name}`, isFollower: true };
}

/** A logger as a thread tells it. */
export function loggerInfo(name: string, effective: string, level?: string): LoggerInfo {
  const [handlers, filters, out] = [[], [], ["console"]];
  return {
    name,
    effective,
    ...level === undefined ? {} : { level },
    disabled: false,
    propagate: true,
    handlers,
    filters,
    out,
  };
}

/** A screen that shows these threads. */
export function modelOf(...threads: SeenThread[]): TopModel {
  const model = emptyModel({
    targets: { ports: [[9001, 9029]] },
    words: [],
    sender: {},
    time: "10m",
    lines: undefined,
    place: "127.0.0.1, ports 9001 to 9029",
  });
  model.threads = threads;
  model.hasLooked = true;
  return model;
}
