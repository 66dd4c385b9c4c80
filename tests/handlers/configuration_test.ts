import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  ConfigError,
  dictConfig,
  fileConfig,
  type FileHandler,
  getLogger,
  type Handler,
  type HTTPHandler,
  type MemoryHandler,
  type Queue,
  type QueueHandler,
  type RotatingFileHandler,
  type SocketHandler,
  type SysLogHandler,
  type TimedRotatingFileHandler,
} from "../../mod.ts";
import { inFolder, namesIn } from "./in_folder.ts";

/** The handler that a section's class, arguments and other options make. */
function fromIni(section: string): Handler {
  fileConfig(`[loggers]
keys=root
[formatters]
keys=
[handlers]
keys=first,second
[handler_second]
class=NullHandler
[handler_first]
${section}
[logger_root]
handlers=first
`);
  return getLogger().handlers[0]!;
}

function fromDict(handler: Record<string, unknown>): Handler {
  dictConfig({ version: 1, handlers: { first: handler }, root: { handlers: ["first"] } });
  return getLogger().handlers[0]!;
}

/** Puts handlers in place that hold no file. */
function reset(): void {
  dictConfig({ version: 1, root: { handlers: [] }, handlers: {} });
}

interface Case {
  readonly desc: string;
  /** The section, with FOLDER for a folder. */
  readonly ini?: string;
  readonly dict?: Record<string, unknown>;
  /** Reads off the handler what is to be compared. */
  readonly read: (handler: Handler) => unknown;
  readonly expected: unknown;
}

const CASES: readonly Case[] = [
  {
    desc: "FileHandler",
    ini: "class=FileHandler\nargs=('FOLDER/a.log', 'w')\nkwargs={'encoding': 'latin-1'}",
    dict: {
      class: "logging.FileHandler",
      filename: "FOLDER/a.log",
      mode: "w",
      encoding: "latin-1",
    },
    read: (handler) => {
      const { baseFilename, mode, encoding, delay } = handler as FileHandler;
      return [baseFilename, mode, encoding, delay];
    },
    expected: ["FOLDER/a.log", "w", "latin-1", false],
  },
  {
    desc: "RotatingFileHandler",
    ini: "class=handlers.RotatingFileHandler\nargs=('FOLDER/a.log', 'a', 1024*10, 3, None, True)",
    dict: {
      class: "logging.handlers.RotatingFileHandler",
      filename: "FOLDER/a.log",
      maxBytes: 10_240,
      backupCount: 3,
      delay: true,
    },
    read: (handler) => {
      const { maxBytes, backupCount, delay } = handler as RotatingFileHandler;
      return [maxBytes, backupCount, delay];
    },
    expected: [10_240, 3, true],
  },
  {
    desc: "TimedRotatingFileHandler",
    ini: "class=logging.handlers.TimedRotatingFileHandler\n" +
      "args=('FOLDER/a.log',)\nkwargs=dict(when='W6', interval=2, utc=True)",
    dict: {
      class: "logging.handlers.TimedRotatingFileHandler",
      filename: "FOLDER/a.log",
      when: "w6",
      interval: 2,
      utc: true,
    },
    read: (handler) => {
      const { when, interval, utc, dayOfWeek } = handler as TimedRotatingFileHandler;
      return [when, interval, utc, dayOfWeek];
    },
    expected: ["W6", 2 * 7 * 86_400, true, 6],
  },
  {
    desc: "WatchedFileHandler",
    ini: "class=handlers.WatchedFileHandler\nargs=('FOLDER/a.log',)",
    dict: { class: "logging.handlers.WatchedFileHandler", filename: "FOLDER/a.log" },
    read: (handler) => (handler as FileHandler).baseFilename,
    expected: "FOLDER/a.log",
  },
  {
    desc: "MemoryHandler",
    ini: "class=handlers.MemoryHandler\nargs=(10, ERROR)\ntarget=second",
    read: (handler) => {
      const { capacity, flushLevel, target } = handler as MemoryHandler;
      return [capacity, flushLevel, target?.constructor.name];
    },
    expected: [10, 40, "NullHandler"],
  },
  {
    desc: "SysLogHandler",
    ini: "class=handlers.SysLogHandler\n" +
      "args=(('localhost', handlers.SYSLOG_UDP_PORT), handlers.SysLogHandler.LOG_LOCAL3)",
    dict: {
      class: "logging.handlers.SysLogHandler",
      address: ["localhost", 514],
      facility: "ext://logging.handlers.SysLogHandler.LOG_LOCAL3",
    },
    read: (handler) => {
      const { address, facility, socktype } = handler as SysLogHandler;
      return [address, facility, socktype];
    },
    expected: [["localhost", 514], 19, undefined],
  },
  {
    desc: "SysLogHandler with a timeout",
    ini: "class=handlers.SysLogHandler\nargs=(('localhost', 514), 'user', None, 2.5)",
    dict: { class: "logging.handlers.SysLogHandler", timeout: 2.5 },
    read: (handler) => [(handler as SysLogHandler).timeout, (handler as SysLogHandler).rfc5424],
    expected: [2.5, false],
  },
  {
    desc: "SysLogHandler by TCP, in RFC 5424",
    ini: "class=handlers.SysLogHandler\nargs=(('localhost', 601),)\n" +
      "kwargs={'facility': 'daemon', 'socktype': handlers.socket.SOCK_STREAM, 'rfc5424': True}",
    dict: {
      class: "logging.handlers.SysLogHandler",
      address: ["localhost", 601],
      facility: "daemon",
      socktype: "ext://socket.SOCK_STREAM",
      ".": { rfc5424: true },
    },
    read: (handler) => {
      const { facility, socktype, rfc5424 } = handler as SysLogHandler;
      return [facility, socktype, rfc5424];
    },
    expected: ["daemon", 1, true],
  },
  {
    desc: "SocketHandler",
    ini: "class=handlers.SocketHandler\nargs=('localhost', handlers.DEFAULT_TCP_LOGGING_PORT)",
    dict: {
      class: "logging.handlers.SocketHandler",
      host: "localhost",
      port: "ext://logging.handlers.DEFAULT_TCP_LOGGING_PORT",
    },
    read: (handler) => (handler as SocketHandler).address,
    expected: ["localhost", 9020],
  },
  {
    desc: "DatagramHandler",
    ini: "class=handlers.DatagramHandler\nargs=('/run/log', None)",
    dict: { class: "logging.handlers.DatagramHandler", host: "/run/log", port: null },
    read: (handler) => (handler as SocketHandler).address,
    expected: "/run/log",
  },
  {
    desc: "HTTPHandler",
    ini: "class=handlers.HTTPHandler\n" +
      "args=('localhost:9022', '/log', 'POST', True, ('user', 'secret'))",
    dict: {
      class: "logging.handlers.HTTPHandler",
      host: "localhost:9022",
      url: "/log",
      method: "POST",
      secure: true,
      credentials: ["user", "secret"],
    },
    read: (handler) => {
      const { host, url, method, secure, credentials } = handler as HTTPHandler;
      return [host, url, method, secure, credentials];
    },
    expected: ["localhost:9022", "/log", "POST", true, ["user", "secret"]],
  },
  {
    desc: "QueueHandler",
    dict: { class: "logging.handlers.QueueHandler", queue: { "()": "queue.Queue", maxsize: 7 } },
    read: (handler) => ((handler as QueueHandler).queue as Queue).maxsize,
    expected: 7,
  },
];

for (const { desc, ini, dict, read, expected } of CASES) {
  for (const [source, make] of [["ini", ini], ["dict", dict]] as const) {
    if (make === undefined) continue;
    Deno.test(
      `a configuration makes ${desc} with its arguments: ${source}`,
      inFolder((folder) => {
        // In a .conf a single % would be taken for an interpolation.
        const path = source === "ini" ? folder.replaceAll("%", "%%") : folder;
        const text = JSON.stringify(make).replaceAll("FOLDER", path);
        const wanted = JSON.parse(JSON.stringify([expected]).replaceAll("FOLDER", folder));
        const handler = source === "ini" ? fromIni(JSON.parse(text)) : fromDict(JSON.parse(text));
        assertEquals(JSON.parse(JSON.stringify([read(handler)])), wanted);
        reset();
      }),
    );
  }
}

const REFUSED: readonly [desc: string, section: string, message: string][] = [
  [
    "no file",
    "class=FileHandler\nargs=()",
    'needs argument "filename"',
  ],
  [
    "a folder that is not there",
    "class=FileHandler\nargs=('FOLDER/no/a.log',)",
    'Cannot open log file "FOLDER/no/a.log": its folder does not exist',
  ],
  [
    "a keyword that is none",
    "class=handlers.RotatingFileHandler\nargs=('FOLDER/b.log',)\nkwargs={'maxbytes': 5}",
    'has no argument "maxbytes"',
  ],
  [
    "an unknown interval",
    "class=handlers.TimedRotatingFileHandler\nargs=('FOLDER/b.log', 'year')",
    "Invalid rollover interval specified: YEAR",
  ],
  [
    "a method that HTTP handlers don't have",
    "class=handlers.HTTPHandler\nargs=('h', '/', 'PUT')",
    "method must be GET or POST",
  ],
];

for (const [desc, section, message] of REFUSED) {
  Deno.test(
    `a configuration with ${desc} is refused and leaves no file`,
    inFolder((folder) => {
      const before = getLogger().handlers;
      const text = `class=FileHandler\nargs=('FOLDER/first.log',)\n[handler_third]\n${section}`;
      const error = assertThrows(() =>
        fileConfig(
          `[loggers]\nkeys=root\n[formatters]\nkeys=\n[handlers]\nkeys=first,third\n` +
            `[handler_first]\n${text}\n[logger_root]\nhandlers=first,third\n`
              .replaceAll("FOLDER", folder.replaceAll("%", "%%")),
        )
      ) as Error;
      assert(error instanceof ConfigError);
      assert(error.message.includes(message.replaceAll("FOLDER", folder)), error.message);
      assertEquals(namesIn(folder), []);
      assertEquals(getLogger().handlers, before);
    }),
  );
}
