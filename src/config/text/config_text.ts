import { readDictConfig } from "../dict/read_dict_config.ts";
import type { IniTable } from "../ini/ini_document.ts";
import { parseIniConfig, readIniTable } from "../ini/read_ini_config.ts";
import { isOtelConfig, readOtelConfig } from "../otel/read_otel_config.ts";
import { parseJson } from "./parse_json.ts";
import type { ConfigSpec, ResolveName } from "../spec/config_spec.ts";
import type { OnError } from "../spec/read_part.ts";

/** What JSON allows in front of an object; trying and failing would cost more. */
const OBJECT_START = /^[ \t\r\n]*\{/;

/** The text of a configuration once parsed: plain data that can travel between threads. */
export type ParsedConfig =
  | { readonly kind: "ini"; readonly table: IniTable }
  | { readonly kind: "dict"; readonly dict: object };

/**
 * Reads a configuration as it comes over the wire: a JSON object is a dict, anything else
 * is INI (`logging.config.listen`).
 *
 * @throws {ConfigError} The text is neither, or a part has the wrong shape.
 */
export function readConfigText(text: string, resolveName: ResolveName): ConfigSpec {
  return readParsedConfig(parseConfigText(text), resolveName);
}

/**
 * The first half of {@linkcode readConfigText}, which needs no names.
 *
 * @throws {ConfigError} The text is neither JSON nor INI.
 */
export function parseConfigText(text: string): ParsedConfig {
  const dict = parseObject(text);
  return dict === undefined ? { kind: "ini", table: parseIniConfig(text) } : { kind: "dict", dict };
}

/**
 * The second half of {@linkcode readConfigText}; `defaults` are options of every section of INI.
 *
 * @throws {ConfigError} A part has the wrong shape, unless `onError` takes that.
 */
export function readParsedConfig(
  parsed: ParsedConfig,
  resolveName: ResolveName,
  defaults?: Readonly<Record<string, string>>,
  onError?: OnError,
): ConfigSpec {
  return parsed.kind === "ini"
    ? readIniTable(parsed.table, { defaults }, onError)
    : isOtelConfig(parsed.dict)
    ? readOtelConfig(parsed.dict)
    : readDictConfig(parsed.dict, resolveName, onError);
}

/** Whether a text begins like a dict; one that does not is INI, whatever follows. */
export function mayBeDict(text: string): boolean {
  return OBJECT_START.test(text);
}

function parseObject(text: string): object | undefined {
  // No `.conf` begins with a brace: what is wrong is told as of JSON.
  return mayBeDict(text) ? parseJson(text) as object : undefined;
}
