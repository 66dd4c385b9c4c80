/** When threads and the hub rehearse, in milliseconds after their start. */
export const REHEARSE_AFTER_MS = 100;
/** Pause between the steps of a thread, in milliseconds. */
export const REHEARSAL_PAUSE_MS = 10;

/** Changes that a thread and the hub rehearse: with fewer the first real ones take longer. */
export const THREAD_REHEARSALS = 8, HUB_REHEARSALS = 12;

/** Who sends what is rehearsed. */
export const REHEARSAL = "rehearsal";

/** What is rehearsed; each is another text, since what is repeated takes a shorter way. */
export function rehearsed(number: number): string {
  const level = number % 2 === 0 ? "INFO" : "ERROR";
  return `[loggers]
keys=root,app

[handlers]
keys=console

[formatters]
keys=line

[formatter_line]
format: '%(asctime)s - %(module)s.%(funcName)s - %(levelname)s - %(message)s'

[handler_console]
class: nowhere
args: (sys.stdout, ${number})
formatter: line
level: ${level}

[logger_root]
level: ${level}
handlers: console

[logger_app]
level: ${level}
handlers:
qualname: app
`;
}
