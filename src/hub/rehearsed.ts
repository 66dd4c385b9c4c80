/** When threads and the hub rehearse, in milliseconds after their start. */
export const REHEARSE_AFTER_MS = 100;
/** Pause between the steps of a thread, in milliseconds. */
export const REHEARSAL_PAUSE_MS = 10;

/** Who sends what is rehearsed. */
export const REHEARSAL = "rehearsal";

/** What is rehearsed; two, since what is repeated takes a shorter way. */
export const REHEARSED: readonly string[] = ["INFO", "ERROR"].map((level) =>
  `[loggers]
keys=root,app

[handlers]
keys=console

[formatters]
keys=line

[formatter_line]
format: '%(asctime)s %(levelname)s %(message)s'

[handler_console]
class: nowhere
args: ()
formatter: line
level: ${level}

[logger_root]
level: ${level}
handlers: console

[logger_app]
level: ${level}
handlers:
qualname: app
`
);
