/** Names of the configurations that logdial brings. */
export type PresetName = "debug" | "info" | "error";

/**
 * The three configurations of the reference system, which differ in their level only. That is a
 * demo of Python's `logging.config.listen`, whose files and sender work here: see `src/README.md`.
 */
export const PRESETS: Readonly<Record<PresetName, string>> = {
  debug: preset("DEBUG"),
  info: preset("INFO"),
  error: preset("ERROR"),
};

/** The preset that a name such as `error` or `error.conf` stands for. */
export function findPreset(name: string): PresetName | undefined {
  const bare = name.replace(/\.conf$/, "");
  return Object.hasOwn(PRESETS, bare) ? bare as PresetName : undefined;
}

function preset(level: string): string {
  return `[loggers]
keys=root

[handlers]
keys=console

[formatters]
keys=default

[formatter_default]
class: logging.ColorFormatter
format: '$YELLOW%(asctime)s $RESET- $MAGENTA%(module)s.%(funcName)s $RESET- \
$GREEN%(processName)s $RESET- $COLOR%(levelname)s $RESET- %(message)s'

[handler_console]
class: logging.StreamHandler
args: (sys.stdout,)
formatter: default
level: ${level}

[logger_root]
level: ${level}
handlers: console
`;
}
