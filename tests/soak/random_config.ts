import { SeededBytes } from "../harness/seeded_bytes.ts";
import { ROUND_LEVELS, SOAK_LOGGER } from "./soak_task.ts";

/** Levels by logger name, as threads tell them. */
export type Levels = Readonly<Record<string, string>>;

/** A configuration, and what is to be seen once it is in force. */
export interface SoakConfig {
  readonly text: string;
  /** What its lines begin and end with; undefined if it leaves that as it is. */
  readonly tag: number | undefined;
  /** Own levels of root and of the rounds' logger; undefined for one that it leaves as it is. */
  readonly root: string | undefined;
  readonly soak: string | undefined;
}

/** A format whose lines say all that is checked. */
function format(tag: number): string {
  return `T${tag}|%(processName)s|%(name)s|%(levelname)s|%(created)f|%(message)s|T${tag}`;
}

/** Makes configurations that are random and the same for the same seed. */
export class RandomConfigs {
  readonly #random: SeededBytes;
  #tag = 0;

  constructor(seed: number) {
    this.#random = new SeededBytes(seed);
  }

  /** What the program begins with. */
  static start(): SoakConfig {
    // Its thread is there from the beginning, so that it counts as no growth.
    return ini(0, "INFO", "INFO", "RingHandler", "");
  }

  /** A whole one, INI or a dict. */
  whole(): SoakConfig {
    const tag = ++this.#tag;
    const root = this.#pick(ROUND_LEVELS), soak = this.#pick([...ROUND_LEVELS, "NOTSET"]);
    const handler = this.#random.below(2) === 0 ? "RingHandler" : "StreamHandler";
    return this.#random.below(2) === 0
      ? ini(tag, root, soak, handler, this.#pick(["", NOISE]))
      : dict(tag, root, soak, handler, this.#random.below(3));
  }

  /** One that changes levels only. */
  incremental(): SoakConfig {
    const root = this.#pick(ROUND_LEVELS), soak = this.#pick(ROUND_LEVELS);
    const loggers = { [SOAK_LOGGER]: { level: soak } };
    const config = { version: 1, incremental: true, loggers, root: { level: root } };
    return { text: JSON.stringify(config), tag: undefined, root, soak };
  }

  /** One that must be refused, by the hub or by the threads. */
  invalid(): string {
    const { text } = ini(999_999_999, "DEBUG", "DEBUG", "StreamHandler", "");
    switch (this.#random.below(8)) {
      case 0:
        return text.replace("class = StreamHandler", "class = NoSuchHandler");
      case 1:
        return text.replace("level = DEBUG", "level = LOUD");
      case 2:
        return text.replace("(sys.stdout,)", "(sys.stdout");
      case 3:
        return text.replace("[handler_out]", "[handler_in]");
      case 4:
        return text.replace("(sys.stdout,)", "(sys.stdout, 1, 2, 3)");
      case 5:
        return text.slice(0, this.#random.below(text.indexOf("[logger_root]")));
      case 6:
        return JSON.stringify({ version: 1, root: { level: "DEBUG", handlers: ["nowhere"] } });
      default:
        return `${this.#random.below(1000)} is no configuration`;
    }
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#random.below(values.length)]!;
  }
}

/** Another logger with a file of its own, so that files are opened and closed. */
const NOISE = `
[logger_noise]
qualname = noise
level = DEBUG
propagate = 0
handlers = noise

[handler_noise]
class = FileHandler
args = ('/dev/null',)
`;

function ini(tag: number, root: string, soak: string, handler: string, more: string): SoakConfig {
  const noise = more === "" ? "" : ", noise";
  const className = handler === "RingHandler" ? "logdial.RingHandler" : handler;
  const text = `[loggers]
keys = root, ${SOAK_LOGGER}${noise}

[handlers]
keys = out${noise}

[formatters]
keys = tagged

[formatter_tagged]
format = ${format(tag)}

[handler_out]
class = ${className}
args = (sys.stdout,)
formatter = tagged

[logger_root]
level = ${root}
handlers = out

[logger_${SOAK_LOGGER}]
qualname = ${SOAK_LOGGER}
level = ${soak}
handlers =
${more}`;
  return { text, tag, root, soak };
}

function dict(
  tag: number,
  root: string,
  soak: string,
  handler: string,
  files: number,
): SoakConfig {
  const own = handler === "RingHandler"
    ? { class: "logdial.RingHandler", stream: "ext://sys.stdout" }
    : { class: "logging.StreamHandler", stream: "ext://sys.stdout" };
  const noise = Array.from({ length: files }, (_, index) => [
    `file${index}`,
    { class: "logging.FileHandler", filename: "/dev/null", level: "ERROR" },
  ]);
  const config = {
    version: 1,
    formatters: { tagged: { format: format(tag) } },
    handlers: { out: { ...own, formatter: "tagged" }, ...Object.fromEntries(noise) },
    loggers: {
      [SOAK_LOGGER]: { level: soak },
      noise: { handlers: noise.map(([name]) => name), propagate: false },
    },
    root: { level: root, handlers: ["out"] },
  };
  return { text: JSON.stringify(config), tag, root, soak };
}
