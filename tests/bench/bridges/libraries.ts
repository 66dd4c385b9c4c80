/** What is called: below the level, or written by the library to a stream that does nothing. */
export type BridgeCall = "dropped" | "enabled";

/** Calls of a library's logger at INFO, bridged or as it comes. */
export type Calls = Readonly<Record<BridgeCall, () => void>>;

/** How loggers of libraries are made, by the names that are shown. */
export const LIBRARIES = { pino, debug, console: consoleCalls } as const;

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
