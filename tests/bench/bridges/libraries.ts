/** What is called: below the level, or written by the library to a stream that does nothing. */
export type BridgeCall = "dropped" | "enabled";

/** Calls of a library's logger at INFO, bridged or as it comes. */
export type Calls = Readonly<Record<BridgeCall, () => void>>;

/** How loggers of libraries are made, by the names that are shown. */
export const LIBRARIES = {
  pino,
  winston,
  logtape,
  log4js,
  debug,
  console: consoleCalls,
} as const;

/** A library whose calls are measured. */
export type LibraryName = keyof typeof LIBRARIES;

async function pino(isBridged: boolean): Promise<Calls> {
  const { pino } = await import("npm:pino@10.4.0");
  const log = pino({ level: "info" }, { write() {} });
  if (isBridged) (await import("../../../src/bridge/pino.ts")).bridge(log, { name: "bench" });
  return {
    dropped: () => log.debug("Got HTTP response 200."),
    enabled: () => log.info("Got HTTP response 200."),
  };
}

async function winston(isBridged: boolean): Promise<Calls> {
  const { default: winston } = await import("npm:winston@3.19.0");
  const { Writable } = await import("node:stream");
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const log = winston.createLogger({ transports: [new winston.transports.Stream({ stream })] });
  // Its streams keep lines to themselves until they flow.
  const flows = new Promise<void>((resolve) => void log.once("data", () => resolve()));
  log.info("the first");
  await flows;
  if (isBridged) (await import("../../../src/bridge/winston.ts")).bridge(log, { name: "bench" });
  return {
    dropped: () => log.debug("Got HTTP response 200."),
    enabled: () => log.info("Got HTTP response 200."),
  };
}

async function logtape(isBridged: boolean): Promise<Calls> {
  const { configure, getLogger } = await import("npm:@logtape/logtape@2.4.2");
  await configure({
    sinks: { nowhere() {} },
    loggers: [
      { category: "app", lowestLevel: "info", sinks: ["nowhere"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: [] },
    ],
  });
  if (isBridged) (await import("../../../src/bridge/logtape.ts")).bridge();
  const log = getLogger(["app", "db"]);
  return {
    dropped: () => log.debug("Got HTTP response 200."),
    enabled: () => log.info("Got HTTP response 200."),
  };
}

async function log4js(isBridged: boolean): Promise<Calls> {
  const { default: log4js } = await import("npm:log4js@6.9.1");
  log4js.configure({
    appenders: { nowhere: { type: { configure: () => () => {} } } },
    categories: { default: { appenders: ["nowhere"], level: "info" } },
  });
  if (isBridged) (await import("../../../src/bridge/log4js.ts")).bridge(log4js);
  const log = log4js.getLogger("app.db");
  return {
    dropped: () => log.debug("Got HTTP response 200."),
    enabled: () => log.info("Got HTTP response 200."),
  };
}

async function debug(isBridged: boolean): Promise<Calls> {
  const { default: debug } = await import("npm:debug@4.4.3");
  debug.log = () => {};
  debug.enable("on");
  if (isBridged) (await import("../../../src/bridge/debug.ts")).bridge(debug);
  const off = debug("off"), on = debug("on");
  return {
    dropped: () => off("Got HTTP response 200."),
    enabled: () => on("Got HTTP response 200."),
  };
}

/** A console of its own, since the global one would write; it drops nothing before it is bridged. */
async function consoleCalls(isBridged: boolean): Promise<Calls> {
  const write = (..._data: unknown[]) => {};
  const own = { debug: write, log: write, info: write, warn: write, error: write, trace: write };
  if (isBridged) {
    const { bridge } = await import("../../../src/bridge/console.ts");
    const { getLogger } = await import("../../../mod.ts");
    bridge({ name: "bench", console: own });
    getLogger("bench").setLevel("INFO");
  }
  return {
    dropped: () => own.debug("Got HTTP response 200."),
    enabled: () => own.log("Got HTTP response 200."),
  };
}
