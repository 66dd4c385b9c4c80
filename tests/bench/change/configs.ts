import { DEBUG, ERROR } from "../../../src/core/levels/levels.ts";

/** A configuration that listeners are turned to. */
export interface Target {
  readonly level: number;
  readonly text: string;
}

/** The two that a run alternates between; both sides get the same text. */
export const TARGETS: readonly [Target, Target] = [
  { level: DEBUG, text: config("DEBUG", DEBUG) },
  { level: ERROR, text: config("ERROR", ERROR) },
];

/** As the shipped `.conf` files, but with the handler that tells when it is made. */
function config(name: string, level: number): string {
  return `[loggers]
keys=root

[handlers]
keys=console

[formatters]
keys=default

[formatter_default]
class: logging.Formatter
format: '%(asctime)s - %(module)s.%(funcName)s - %(processName)s - %(levelname)s - %(message)s'

[handler_console]
class: logging.StampHandler
args: (sys.stdout, ${level})
formatter: default
level: ${name}

[logger_root]
level: ${name}
handlers: console
`;
}
