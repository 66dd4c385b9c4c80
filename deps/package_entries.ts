import config from "../deno.json" with { type: "json" };

/** An entry of the package: its source, and what users import it as, if they do. */
export interface PackageEntry {
  readonly source: string;
  readonly export?: string;
}

/**
 * Where logdial's own threads start: nobody else imports these. A bundled program looks for them
 * beside itself, where a `hub.js` would be a module of its own, which would be run.
 */
const THREADS: Readonly<Record<string, PackageEntry>> = {
  logdial_hub: { source: "src/hub/life/run_hub.ts" },
  logdial_pipe: { source: "src/hub/rings/run_pipe_thread.ts" },
};

/** The entries of the package, by the names of their files without `.js`: those of deno.json. */
export const PACKAGE_ENTRIES: Readonly<Record<string, PackageEntry>> = {
  ...Object.fromEntries(
    Object.entries(config.exports).map(([name, source]) => [
      // All lie in one folder, where threads are found: `./bridge/pino` is `bridge_pino.js`.
      name === "." ? "mod" : name.slice(2).replaceAll("/", "_"),
      { source: source.slice(2), export: name },
    ]),
  ),
  ...THREADS,
};

/** The sources that users import. */
export const EXPORTED_SOURCES: readonly string[] = Object.values(PACKAGE_ENTRIES)
  .filter((entry) => entry.export !== undefined).map(({ source }) => source);
