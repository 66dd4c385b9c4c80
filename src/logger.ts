/**
 * The shared logger module: import `LOGGER` in any thread and it is set up, listens for
 * changes on a port of its own, and logs to the program's stdout.
 *
 * `ENV` chooses the first level: `dev` and `test` start at INFO, `prod` at ERROR, anything
 * else at DEBUG. `LOGDIAL_PORTS` changes the ports, `9001-9029`. `LOGDIAL_APP` is the
 * program's name, for `--app` of the command. `LOGDIAL_KEY` is the key that changes must be signed
 * with, `LOGDIAL_WIRE_HANDLERS` lists handler classes that unsigned ones may use.
 * `LOGDIAL_RECORD`, such as `app.db=DEBUG,root=INFO`, says what is kept in memory for
 * `logdial dump`, `LOGDIAL_RECORD_SIZE` how much, and `LOGDIAL_DUMP_TO` into which file it goes when
 * the program ends by a fault. `LOGDIAL_CONFIG` names a configuration file to begin with and to
 * follow, see {@linkcode watchConfig} of the package's main module. They are read only where that
 * is allowed.
 *
 * @example
 * ```ts
 * import { LOGGER } from "@logdial/logging/logger";
 *
 * LOGGER.info("A normal thing happened.");
 * ```
 *
 * @module
 */
import "./core/runtime/require_deno.ts";
import "./core_modules.ts";
import "./all_modules.ts";
import { reasonOf } from "./core/values/thrown.ts";
import { fileConfig } from "./config/file_config.ts";
import { getLogger } from "./core/loggers/module_functions.ts";
import type { Logger } from "./core/loggers/logger.ts";
import { stdout } from "./core/io/std_stream.ts";
import { readEnv } from "./core/runtime/read_env.ts";
import { currentThread } from "./core/runtime/thread.ts";
import { writeDiagnostic } from "./core/io/diagnostics.ts";
import { environmentOptions, tellMisspeltVariables } from "./hub/environment_options.ts";
import { beginListening, type Listening } from "./hub/listen.ts";
import { watchConfig } from "./hub/watch_config.ts";
import { type PresetName, PRESETS } from "./presets.ts";

/**
 * The root logger, set up and listening.
 *
 * @example
 * ```ts
 * import { LOGGER } from "@logdial/logging/logger";
 *
 * LOGGER.info("Got HTTP response %d.", 200);
 * ```
 */
export const LOGGER: Logger = setUp();

function setUp(): Logger {
  tellMisspeltVariables();
  // The hub comes up while the configuration is read.
  const listening = attempt(() => beginListening(undefined, environmentOptions()));
  fileConfig(PRESETS[firstPreset(readEnv("ENV"))]);
  try {
    announce(listening()());
    follow(readEnv("LOGDIAL_CONFIG"));
  } catch (error) {
    const reason = reasonOf(error);
    writeDiagnostic(
      `logdial: ${currentThread().processName} logs, but its levels cannot be changed from ` +
        `outside: ${reason}\n`,
    );
    tellPassedOver();
  }
  return getLogger();
}

/** Does it now, and gives or throws later what came of it. */
function attempt<T>(does: () => T): () => T {
  try {
    const result = does();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function announce({ port, why }: Listening): void {
  stdout.write(
    port > 0
      ? `Setup logging server on port ${port}\n`
      : "All ports are taken: changes come by the first one of this process\n",
  );
  if (why === undefined) return;
  writeDiagnostic(
    `logdial: changes for port ${port} wait while its thread computes, there is no hub ` +
      `thread: ${why}\n`,
  );
}

/** Begins with a configuration file, if one is named. */
function follow(path: string | undefined): void {
  if (!path) return;
  try {
    watchConfig(path);
  } catch (error) {
    writeDiagnostic(`logdial: LOGDIAL_CONFIG is passed over: ${reasonOf(error)}\n`);
  }
}

/** Tells which variables have no effect: only a thread that listens follows a file and records. */
function tellPassedOver(): void {
  const names = ["LOGDIAL_CONFIG", "LOGDIAL_RECORD", "LOGDIAL_DUMP_TO"].filter(readEnv);
  if (names.length === 0) return;
  const verb = names.length === 1 ? "is" : "are";
  writeDiagnostic(
    `logdial: ${names.join(" and ")} ${verb} passed over, since the thread does not listen\n`,
  );
}

/** The level for each `ENV`, as the reference system chooses it (see `src/README.md`). */
function firstPreset(env: string | undefined): PresetName {
  if (env === "dev" || env === "test") return "info";
  return env === "prod" ? "error" : "debug";
}
