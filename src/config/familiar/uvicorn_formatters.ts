import { Formatter, type Style } from "../../core/formatters/formatter.ts";
import { pyStr, pythonError } from "../../core/python/py_repr.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { isTerminal, styled } from "./terminal.ts";

/** Codes of colours by level: trace, debug, info, warning, error, critical. */
const LEVEL_COLORS = new Map([[5, 34], [10, 36], [20, 32], [30, 33], [40, 31], [50, 91]]);
/** Codes of colours by the first digit of an HTTP status. */
const STATUS_COLORS = new Map([[1, 97], [2, 32], [3, 33], [4, 31], [5, 91]]);
const BOLD = 1;

/** Takes the place of `uvicorn.logging.ColourizedFormatter`, whose `levelprefix` is `INFO:  `. */
export class ColourizedFormatter extends Formatter {
  readonly #usesColors: boolean;

  /** Takes the arguments of uvicorn's formatter, in their order. */
  constructor(
    fmt?: string | null,
    datefmt?: string | null,
    style: Style = "%",
    use_colors?: boolean | null,
  ) {
    super(fmt, datefmt, style);
    this.#usesColors = typeof use_colors === "boolean" ? use_colors : this.shouldUseColors();
  }

  /** Whether lines are in colours unless the configuration says so. */
  protected shouldUseColors(): boolean {
    return isTerminal(Deno.stdout);
  }

  /** Whether lines are in colours. */
  protected get usesColors(): boolean {
    return this.#usesColors;
  }

  /** The line, with the message in colours that the record may have. */
  override formatMessage(record: LogRecord): string {
    const { msg, message } = record;
    const { color_message } = record as { color_message?: unknown };
    if (!this.#usesColors || color_message === undefined) return super.formatMessage(record);
    try {
      record.msg = color_message;
      record.message = record.getMessage();
      return super.formatMessage(record);
    } finally {
      // Other handlers must get the record as it was.
      record.msg = msg;
      record.message = message;
    }
  }

  /** `levelprefix`, or a field of the record. */
  protected override readField(record: LogRecord, name: string): unknown {
    if (name !== "levelprefix") return super.readField(record, name);
    const { levelname, levelno } = record;
    const color = LEVEL_COLORS.get(levelno);
    const text = this.#usesColors && color !== undefined ? styled(levelname, color) : levelname;
    return `${text}:${" ".repeat(Math.max(0, 8 - levelname.length))}`;
  }
}

/** Takes the place of `uvicorn.logging.DefaultFormatter`. */
export class DefaultFormatter extends ColourizedFormatter {
  /** Colours where stderr is a terminal: uvicorn's log lines go there. */
  protected override shouldUseColors(): boolean {
    return isTerminal(Deno.stderr);
  }
}

/**
 * Takes the place of `uvicorn.logging.AccessFormatter`: the message's arguments are the client's
 * address, the method, the path, the version of HTTP and the status.
 */
export class AccessFormatter extends ColourizedFormatter {
  /** `client_addr`, `request_line`, `status_code`, or a field of the record. */
  protected override readField(record: LogRecord, name: string): unknown {
    if (name !== "client_addr" && name !== "request_line" && name !== "status_code") {
      return super.readField(record, name);
    }
    const { args } = record;
    if (args.length !== 5) {
      const problem = args.length < 5 ? "not enough" : "too many";
      const got = args.length < 5 ? `, got ${args.length}` : "";
      throw pythonError("ValueError", `${problem} values to unpack (expected 5${got})`);
    }
    const [client, method, path, version, status] = args;
    if (name === "client_addr") return client;
    if (name === "status_code") return this.#statusText(Number(status));
    const line = `${pyStr(method)} ${pyStr(path)} HTTP/${pyStr(version)}`;
    return this.usesColors ? styled(line, BOLD) : line;
  }

  #statusText(status: number): string {
    phrases ??= readPhrases();
    const text = `${status} ${phrases.get(status) ?? ""}`;
    const color = STATUS_COLORS.get(Math.floor(status / 100));
    return this.usesColors && color !== undefined ? styled(text, color) : text;
  }
}

/** Phrases of Python's `http.HTTPStatus`; a phrase without a number has the next one. */
const STATUSES =
  "100 Continue|Switching Protocols|Processing|Early Hints|200 OK|Created|Accepted|" +
  "Non-Authoritative Information|No Content|Reset Content|Partial Content|Multi-Status|" +
  "Already Reported|226 IM Used|300 Multiple Choices|Moved Permanently|Found|See Other|" +
  "Not Modified|Use Proxy|307 Temporary Redirect|Permanent Redirect|400 Bad Request|" +
  "Unauthorized|Payment Required|Forbidden|Not Found|Method Not Allowed|Not Acceptable|" +
  "Proxy Authentication Required|Request Timeout|Conflict|Gone|Length Required|" +
  "Precondition Failed|Content Too Large|URI Too Long|Unsupported Media Type|" +
  "Range Not Satisfiable|Expectation Failed|I'm a Teapot|421 Misdirected Request|" +
  "Unprocessable Content|Locked|Failed Dependency|Too Early|Upgrade Required|" +
  "428 Precondition Required|Too Many Requests|431 Request Header Fields Too Large|" +
  "451 Unavailable For Legal Reasons|500 Internal Server Error|Not Implemented|Bad Gateway|" +
  "Service Unavailable|Gateway Timeout|HTTP Version Not Supported|Variant Also Negotiates|" +
  "Insufficient Storage|Loop Detected|510 Not Extended|Network Authentication Required";

let phrases: ReadonlyMap<number, string> | undefined;

/** Reads the phrases, when the first request is logged: most programs log none this way. */
function readPhrases(): ReadonlyMap<number, string> {
  const all = new Map<number, string>();
  let status = 0;
  for (const word of STATUSES.split("|")) {
    const [, number, phrase] = /^(?:(\d+) )?(.*)$/.exec(word)!;
    status = number === undefined ? status + 1 : Number(number);
    all.set(status, phrase!);
  }
  return all;
}
