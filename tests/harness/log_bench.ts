import { applyConfig } from "../../src/config/apply/configurator.ts";
import { readDictConfig } from "../../src/config/dict/read_dict_config.ts";
import { describeConfig } from "../../src/config/describe/get_config.ts";
import {
  type IniConfigOptions,
  parseIniConfig,
  readIniTable,
} from "../../src/config/ini/read_ini_config.ts";
import { type Registry, standardRegistry } from "../../src/config/build/registry.ts";
import type { Logger } from "../../src/core/loggers/logger.ts";
import { Manager } from "../../src/core/loggers/manager.ts";
import { StreamHandler } from "../../src/handlers/stream_handler.ts";

/** A test's own logging: a tree of loggers whose stdout and stderr are texts. */
export class LogBench {
  readonly manager: Manager = new Manager();
  readonly registry: Registry = standardRegistry();
  #stdout = "";
  #stderr = "";

  constructor() {
    const stderr = { write: (text: string) => void (this.#stderr += text) };
    this.registry.registerObject("sys.stdout", {
      write: (text: string) => void (this.#stdout += text),
    });
    this.registry.registerObject("sys.stderr", stderr);
    const lastResort = new StreamHandler(stderr);
    lastResort.setLevel("WARNING");
    this.manager.lastResort = lastResort;
  }

  /** What was written to `sys.stdout` since the last call. */
  takeStdout(): string {
    const text = this.#stdout;
    this.#stdout = "";
    return text;
  }

  /** What was written to `sys.stderr` and by the last resort since the last call. */
  takeStderr(): string {
    const text = this.#stderr;
    this.#stderr = "";
    return text;
  }

  logger(name?: string): Logger {
    return this.manager.getLogger(name);
  }

  file(text: string, options?: IniConfigOptions): void {
    applyConfig(this.manager, readIniTable(parseIniConfig(text), options), this.registry);
  }

  dict(config: unknown): void {
    const spec = readDictConfig(config, (name) => this.registry.object(name));
    applyConfig(this.manager, spec, this.registry);
  }

  /** The whole state, to see whether something has changed. */
  describe(): unknown {
    return [
      describeConfig(this.manager, this.registry, { allLoggers: true }),
      [...this.manager.loggerDict.keys()],
    ];
  }
}
