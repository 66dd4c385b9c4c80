/**
 * Python's handler classes by their names inside `logging`, with the parameters of their
 * constructors; `?` marks those that may be left out. The classes themselves are in
 * `builtin_handlers.ts`, which need not be loaded for the names.
 */
export const PYTHON_HANDLERS = {
  "StreamHandler": "stream?",
  "NullHandler": "level?",
  "FileHandler": "filename mode? encoding? delay? errors?",
  "handlers.RotatingFileHandler": "filename mode? maxBytes? backupCount? encoding? delay? errors?",
  "handlers.TimedRotatingFileHandler":
    "filename when? interval? backupCount? encoding? delay? utc? atTime? errors?",
  "handlers.WatchedFileHandler": "filename mode? encoding? delay? errors?",
  "handlers.BufferingHandler": "capacity",
  "handlers.MemoryHandler": "capacity flushLevel? target? flushOnClose?",
  "handlers.SysLogHandler": "address? facility? socktype? timeout? rfc5424?",
  "handlers.SocketHandler": "host port",
  "handlers.DatagramHandler": "host port",
  "handlers.HTTPHandler": "host url method? secure? credentials? context?",
  "handlers.SMTPHandler": "mailhost fromaddr toaddrs subject credentials? secure? timeout?",
  "handlers.QueueHandler": "queue",
} as const;

/** Name of `RingHandler`, our handler that writes by a ring in shared memory. */
export const RING_HANDLER = "logdial.RingHandler";

/** Its parameters. */
export const RING_PARAMETERS = "stream?";

/** Name of `FingersCrossedHandler`, our handler that keeps records until an error comes. */
export const FINGERS_CROSSED = "logdial.FingersCrossedHandler";

/** Its parameters. */
export const FINGERS_CROSSED_PARAMETERS = "target? flushLevel? passLevel? by? capacity? values?";

/** The formatter classes; all take {@linkcode FORMATTER_PARAMETERS}. */
export const FORMATTER_NAMES = [
  "logging.Formatter",
  "logging.ColorFormatter",
  "logdial.JsonFormatter",
  "logdial.DevFormatter",
] as const;

/** Parameters of a formatter: `defaults` by keyword only in Python, `escape` is our own. */
export const FORMATTER_PARAMETERS = "fmt? datefmt? style? validate? defaults? escape?";

/** Parameters that our own formatters take beside these, by class. */
export const FORMATTER_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["logdial.JsonFormatter", "preset? head? depth? size?"],
  ["logdial.DevFormatter", "source? colors?"],
]);

/** Python's filter class. */
export const FILTER_NAME = "logging.Filter";

/** Our filter classes, with their options. */
export const OUR_FILTERS = {
  "logdial.RedactFilter": "paths? patterns? replacement?",
  "logdial.RateFilter": "rate burst? by? below?",
  "logdial.DuplicateFilter": "window? limit? by? below?",
  "logdial.SampleFilter": "rate by? below?",
} as const;

/** Name of our handler class that is known once the program imports `@logdial/logging/otlp`. */
export const OTLP_HANDLER = "logdial.OtlpHandler";

/** The subpath that a program has to import before one of our classes is known, by class. */
export const SUBPATHS: ReadonlyMap<string, string> = new Map([
  [OTLP_HANDLER, "@logdial/logging/otlp"],
]);

/** Every name that a `.conf` may give a built-in handler class: `logging.` may be left out. */
export const HANDLER_NAMES: readonly string[] = [
  ...Object.keys(PYTHON_HANDLERS),
  ...Object.keys(PYTHON_HANDLERS).map((name) => `logging.${name}`),
  RING_HANDLER,
  OTLP_HANDLER,
  FINGERS_CROSSED,
];

/** A name without its module. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
