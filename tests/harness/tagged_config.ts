/** A whole configuration whose lines say which one they were formatted by. */
export function taggedConfig(tag: string, level: string): string {
  return `[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = tagged

[formatter_tagged]
format = ${tag}|%(processName)s|%(levelname)s|%(message)s

[handler_console]
class = StreamHandler
args = (sys.stdout,)
formatter = tagged

[logger_root]
level = ${level}
handlers = console
`;
}

/** A line that {@linkcode taggedConfig} has formatted. */
export function tagged(tag: string, thread: string, level: string, message: string): string {
  return `${tag}|${thread}|${level}|${message}`;
}
