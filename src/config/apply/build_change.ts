import type { Handler } from "../../core/handlers/handler.ts";
import type { Manager } from "../../core/loggers/manager.ts";
import type { Registry } from "../build/registry.ts";
import type { WireOptions } from "../build/wire_guard.ts";
import type { ConfigSpec } from "../spec/config_spec.ts";
import { parseConfigText, type ParsedConfig, readParsedConfig } from "../text/config_text.ts";
import { RecentTexts } from "../text/recent_texts.ts";
import type { ChangeRequest, OutsidePolicy } from "./change_request.ts";
import { prepareConfig } from "./configurator.ts";
import { checkLoggerCount } from "./logger_count.ts";
import type { PreparedConfig } from "./prepared_config.ts";

/** The parts of a change that are needed to build it. */
export type Buildable = Pick<ChangeRequest, "text" | "parsed" | "isTrusted" | "file">;

/** Builds the configurations that changes ask for, within what each change is allowed to do. */
export class ChangeBuilder {
  readonly #manager: Manager;
  readonly #registry: Registry;
  readonly #specs = new RecentTexts<ConfigSpec>();
  readonly #own: () => Iterable<Handler>;
  /** How many loggers untrusted changes have made, with the loggers above those. */
  #madeUnsigned = 0;
  /** What changes may do from now on; if undefined, all changes are the program's own. */
  policy: OutsidePolicy | undefined;

  /** `own` gives the handlers that the program has made. */
  constructor(manager: Manager, registry: Registry, own: () => Iterable<Handler>) {
    this.#manager = manager;
    this.#registry = registry;
    this.#own = own;
  }

  /**
   * Makes all objects of a change, and changes nothing. For a change that has been in force before
   * (`isAgain`), the levels of handlers that have gone meanwhile are left out.
   *
   * @throws {ConfigError} The change is refused.
   */
  build(change: Buildable, isAgain = false): PreparedConfig {
    const spec = change.file === undefined ? this.#read(change) : asAtStart(this.#read(change));
    const wire = this.#wireOptions(change);
    const made = wire?.isTrusted ? undefined : this.#madeUnsigned;
    if (wire?.isOwn === false) checkLoggerCount(this.#manager, spec, made);
    return prepareConfig(this.#manager, spec, this.#registry, wire, isAgain);
  }

  /** Notes how many loggers a change has made. */
  noteMade(change: Buildable, count: number): void {
    if (!this.#isTrusted(change)) this.#madeUnsigned += count;
  }

  #isTrusted({ isTrusted = false }: Buildable): boolean {
    return isTrusted || (this.policy?.isGuarded ?? true);
  }

  #wireOptions(change: Buildable): WireOptions | undefined {
    if (this.policy === undefined) return undefined;
    const { wireHandlers } = this.policy;
    const isTrusted = this.#isTrusted(change), isOwn = change.file !== undefined;
    // The program's handlers are looked for only if a change makes handlers: loggers may be many.
    return { isTrusted, isOwn, wireHandlers, own: this.#own, manager: this.#manager };
  }

  #read({ text, parsed }: Buildable): ConfigSpec {
    return this.#specs.get(text, () => {
      const config = parsed === undefined
        ? parseConfigText(text)
        : JSON.parse(parsed) as ParsedConfig;
      return readParsedConfig(config, (name) => this.#registry.object(name));
    });
  }
}

/**
 * The configuration of a watched file, as if the program had begun with it. Then the loggers that it
 * does not name would have come up later: so it disables them only if it says so itself.
 */
function asAtStart(spec: ConfigSpec): ConfigSpec {
  if (spec.incremental || spec.saysWhatIsDisabled) return spec;
  return { ...spec, disableExistingLoggers: false };
}
