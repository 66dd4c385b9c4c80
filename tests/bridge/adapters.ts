import type { Adapter } from "./adapter.ts";

/** Loads the adapters of all libraries; a worker loads its own one only. */
export const ADAPTERS: Readonly<Record<string, () => Promise<{ readonly ADAPTER: Adapter }>>> = {
  "pino_10": () => import("./adapters/pino_10.ts"),
  "pino_9": () => import("./adapters/pino_9.ts"),
  "logtape_2_4": () => import("./adapters/logtape_2_4.ts"),
  "logtape_2_3": () => import("./adapters/logtape_2_3.ts"),
  "winston_3": () => import("./adapters/winston_3.ts"),
  "log4js_6": () => import("./adapters/log4js_6.ts"),
  "debug": () => import("./adapters/debug.ts"),
  "console": () => import("./adapters/console.ts"),
};
