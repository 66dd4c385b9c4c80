import { levelsConfig } from "../../client/levels_config.ts";
import { parseConfigText, readParsedConfig } from "../../config/text/config_text.ts";
import { readExtensions } from "../../config/text/extensions.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { suggest } from "../../core/errors/suggest.ts";
import { findPreset, PRESETS } from "../../presets.ts";
import type { Flags } from "./flags.ts";
import { dim, print, printError } from "../printing/print.ts";
import { UsageError } from "./usage_error.ts";

/** A configuration that is fit to be sent. */
export interface ConfigSource {
  /** Name for messages. */
  readonly label: string;
  /** INI or JSON. */
  readonly text: string;
  /** The root's level, for a preset: nothing else of the programs is changed by one. */
  readonly level?: string;
}

/**
 * Reads a configuration from a file, seen from where the user stands, else one of the
 * presets of that name.
 *
 * @throws {UsageError} There is neither, or it is not a configuration.
 */
export async function readConfigSource(name: string): Promise<ConfigSource> {
  const source = await readSource(name);
  try {
    checkConfig(source.text);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
  return source;
}

/**
 * A file or preset, whatever is in it.
 *
 * @throws {UsageError} There is neither.
 */
export async function readSource(name: string): Promise<ConfigSource> {
  const text = await readFile(name);
  if (text !== undefined) return { label: name.slice(name.lastIndexOf("/") + 1), text };
  const preset = findPreset(name);
  if (preset !== undefined) {
    const level = preset.toUpperCase();
    return { label: name, text: levelsConfig({ root: level }), level };
  }
  const hint = suggest(name, Object.keys(PRESETS));
  throw new UsageError(
    `Cannot find "${name}": there is no such file, and the presets are debug, info and error` +
      (hint === undefined ? "" : `, ${hint}`),
  );
}

/** Says that a preset is meant, and what that is, for those who thought of a file. */
export function announcePreset(
  { label, level }: ConfigSource,
  { json }: Flags,
  how = "",
): void {
  if (level === undefined) return;
  const command = `set root=${level} ${how}`.trimEnd();
  const text = `no file ${label} here: the preset ${level.toLowerCase()}, levels only (${command})`;
  if (json) printError(text);
  else print(dim(text));
}

/** Classes, levels and other names may be the program's own: here all of them count as known. */
function checkConfig(text: string): void {
  const known = () => ({ value: undefined });
  const parsed = parseConfigText(text);
  readExtensions(parsed);
  const spec = readParsedConfig(parsed, known);
  if (spec.incremental) return;
  for (const handler of spec.handlers) handler.readArguments(known);
}

async function readFile(name: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = name === "-" ? await readAll(Deno.stdin) : await Deno.readFile(fromUser(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    // A preset needs no file, and so no permission; a folder of that name is no file.
    const isNoFile = error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.IsADirectory;
    if (isNoFile && findPreset(name) !== undefined) return undefined;
    throw new UsageError(
      `Cannot read "${name}": ${reasonOf(error)}`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`Cannot read "${name}": it is not UTF-8`);
  }
}

async function readAll(stream: typeof Deno.stdin): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}

/** Tasks run in the project's folder; where the user stands is in `INIT_CWD`. */
function fromUser(name: string): string {
  if (name.startsWith("/")) return name;
  const { state } = Deno.permissions.querySync({ name: "env", variable: "INIT_CWD" });
  const folder = state === "granted" ? Deno.env.get("INIT_CWD") : undefined;
  return folder === undefined ? name : `${folder}/${name}`;
}
