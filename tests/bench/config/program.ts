/**
 * Changes the levels of many loggers, once for each line on stdin, and says on stderr how many
 * milliseconds passed until each logger had been asked for its level again.
 *
 * Arguments: the way to change them, and their number.
 *
 * @module
 */
import { dictConfig, getLogger } from "../../../mod.ts";
import { answerLines } from "../answer_lines.ts";

const [way, count] = Deno.args as [string, string];
const names = Array.from({ length: Number(count) }, (_, at) => `app.part${at % 100}.module${at}`);
const loggers = names.map((name) => getLogger(name));

function fullConfig(level: string): Record<string, unknown> {
  return {
    version: 1,
    formatters: { text: { format: "%(asctime)s - %(name)s - %(levelname)s - %(message)s" } },
    handlers: {
      console: { class: "logging.StreamHandler", formatter: "text", stream: "ext://sys.stdout" },
    },
    root: { level: "WARNING", handlers: ["console"] },
    loggers: Object.fromEntries(names.map((name) => [name, { level }])),
  };
}

function incrementalConfig(level: string): Record<string, unknown> {
  const loggers = Object.fromEntries(names.map((name) => [name, { level }]));
  return { version: 1, incremental: true, loggers };
}

const WAYS: Readonly<Record<string, (level: string) => () => void>> = {
  dictConfig(level) {
    const config = fullConfig(level);
    return () => dictConfig(config);
  },
  incremental(level) {
    const config = incrementalConfig(level);
    return () => dictConfig(config);
  },
  setLevel: (level) => () => getLogger("app").setLevel(level),
};

let isDebug = false;
await answerLines(() => {
  isDebug = !isDebug;
  const change = WAYS[way]!(isDebug ? "DEBUG" : "INFO");
  const begin = performance.now();
  change();
  const enabled = loggers.filter((logger) => logger.isEnabledFor("DEBUG")).length;
  const time = performance.now() - begin;
  if (enabled !== (isDebug ? loggers.length : 0)) {
    throw new Error(`Cannot measure ${way}: ${enabled} loggers are at DEBUG`);
  }
  return time;
});
