import { readConfigText } from "../config/text/config_text.ts";
import { ConfigError, reasonOf } from "../core/errors.ts";
import { findPreset } from "../presets.ts";
import { UsageError } from "./usage.ts";

/** A configuration that is fit to be sent. */
export interface ConfigSource {
  /** Name for messages. */
  readonly label: string;
  /** INI or JSON. */
  readonly text: string;
}

/**
 * Reads a configuration from a file, seen from where the user stands, else one of the
 * presets of that name.
 *
 * @throws {UsageError} There is neither, or it is not a configuration.
 */
export async function readConfigSource(name: string): Promise<ConfigSource> {
  const text = await readSourceText(name);
  try {
    checkConfig(text);
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
  return { label: name.slice(name.lastIndexOf("/") + 1), text };
}

/**
 * The text of a file or preset, whatever it is.
 *
 * @throws {UsageError} There is neither.
 */
export async function readSourceText(name: string): Promise<string> {
  const text = await readFile(name) ?? findPreset(name);
  if (text !== undefined) return text;
  throw new UsageError(
    `Cannot find "${name}": there is no such file, and the presets are debug, info and error`,
  );
}

/** Classes, levels and other names may be the program's own: here all of them count as known. */
function checkConfig(text: string): void {
  const known = () => ({ value: undefined });
  const spec = readConfigText(text, known);
  if (spec.incremental) return;
  for (const handler of spec.handlers) handler.readArguments(known);
}

async function readFile(name: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = name === "-" ? await readAll(Deno.stdin) : await Deno.readFile(fromUser(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    // A preset needs no file, and so no permission.
    if (error instanceof Deno.errors.NotCapable && findPreset(name) !== undefined) return undefined;
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
