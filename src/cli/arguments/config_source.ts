import { levelsConfig } from "../../client/levels_config.ts";
import type { Finding } from "../../config/check/finding.ts";
import type { TrialOptions } from "../../config/check/try_build.ts";
import { fillDefaults } from "../../config/ini/fill_defaults.ts";
import { parseConfigText } from "../../config/text/config_text.ts";
import { readNamedText } from "../../config/text/read_yaml.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { suggest } from "../../core/errors/suggest.ts";
import { findPreset, PRESETS } from "../../presets.ts";
import type { Flags } from "./flags.ts";
import { describeFindings } from "../printing/describe_findings.ts";
import { dim, print, printError } from "../printing/print.ts";
import { UsageError } from "./usage_error.ts";

/** A configuration from a file or a preset. */
export interface ConfigSource {
  /** Name for messages. */
  readonly label: string;
  /** INI or JSON, as listeners read it. */
  readonly text: string;
  /** The file's own text, of which findings show lines; `text` has YAML as JSON. */
  readonly shown: string;
  /** Why the file could not be read as the format that its name tells. */
  readonly error?: ConfigError;
  /** The root's level, for a preset, which changes nothing else. */
  readonly level?: string;
}

/**
 * Reads a configuration from a file, in the user's working folder, or else the preset of that
 * name, and makes sure that programs can take it. Values of `--default` are put into a `.conf`.
 *
 * @throws {UsageError} There is neither a file nor a preset, or the configuration is surely wrong.
 */
export async function readConfigSource(name: string, flags: Flags): Promise<ConfigSource> {
  const source = await readSource(name);
  if (source.level !== undefined) return source;
  const defaults = readDefaults(flags);
  const findings = (await findingsOf(source, defaults, { isSent: true }))
    .filter(({ isForProgram }) => !isForProgram);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const lines = await describeFindings(name, source.shown, findings);
  if (errors > 0) {
    const count = errors === 1 ? "an error" : `${errors} errors`;
    throw new UsageError(
      `Cannot use "${name}", it has ${count}: nothing was sent`,
      lines,
      findings,
    );
  }
  for (const line of lines) printError(line);
  const parsed = parseConfigText(source.text);
  if (parsed.kind === "dict") return source;
  try {
    return { ...source, text: fillDefaults(source.text, parsed.table, defaults) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(`${error.message}; nothing was sent`, [], [findingOf(error)]);
  }
}

/** All findings in a configuration. */
export async function findingsOf(
  { text, shown, error }: ConfigSource,
  defaults: Readonly<Record<string, string>>,
  options: TrialOptions = {},
): Promise<Finding[]> {
  // Imported only here, since it needs all classes that a configuration may name.
  const { explainConfig } = await import("../../config/check/explain_config.ts");
  if (error === undefined) return explainConfig(text, defaults, shown, options);
  return [findingOf(error)];
}

function findingOf({ reason, section, key, line, column }: ConfigError): Finding {
  return { severity: "error", reason, section, key, line, column };
}

/** The values of `--default`. */
export function readDefaults({ pairs }: Flags): Record<string, string> {
  const defaults = new Map<string, string>();
  for (const [name, value] of pairs.get(DEFAULT_OPTION) ?? []) {
    const key = name.toLowerCase();
    if (defaults.has(key)) throw new UsageError(`Cannot use --default "${name}" twice`);
    defaults.set(key, value);
  }
  return Object.fromEntries(defaults);
}

/** The largest `maxBytes` of a listener. */
const MOST_BYTES = 16 << 20;

/** Name of the option for the `defaults` that a `.conf` takes from its program. */
export const DEFAULT_OPTION = "default";

/** The help on this option. */
export const DEFAULT_HELP = `
  --default NAME=VALUE
                  what %(NAME)s stands for in a .conf, as the program's defaults
                  say it; may be repeated`;

/**
 * Reads a file or a preset, without looking at what it says.
 *
 * @throws {UsageError} There is neither.
 */
export async function readSource(name: string): Promise<ConfigSource> {
  const text = await readFile(name);
  if (text !== undefined) return await sourceOf(name, text);
  const preset = findPreset(name);
  if (preset !== undefined) {
    const level = preset.toUpperCase();
    const text = levelsConfig({ root: level });
    return { label: name, text, shown: text, level };
  }
  const hint = suggest(name, Object.keys(PRESETS));
  throw new UsageError(
    `Cannot find "${name}": there is no such file, and the presets are debug, info and error` +
      (hint === undefined ? "" : `, ${hint}`),
  );
}

async function sourceOf(name: string, text: string): Promise<ConfigSource> {
  const label = name.slice(name.lastIndexOf("/") + 1);
  try {
    return { label, text: await readNamedText(name, text), shown: text };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { label, text: "", shown: text, error };
  }
}

/** Tells that a preset is meant, and what it is, for users who thought of a file. */
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

async function readFile(name: string): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readAll(name === "-" ? Deno.stdin.readable : await openFile(fromUser(name)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    // A preset needs no permission to read files; a folder of that name does not count.
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
    throw new UsageError(`Cannot read "${name}": it is not UTF-8, save it as that`);
  }
}

async function openFile(path: string): Promise<ReadableStream<Uint8Array>> {
  const file = await Deno.open(path);
  if (!(await file.stat()).isDirectory) return file.readable;
  file.close();
  throw new Deno.errors.IsADirectory("it is a folder");
}

/** All bytes; of what is longer than any configuration, such as `/dev/zero`, no more than that. */
async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MOST_BYTES) {
      throw new RangeError(`it is longer than ${MOST_BYTES >> 20} MiB, which no listener takes`);
    }
    chunks.push(chunk.slice());
  }
  return await new Blob(chunks).bytes();
}

/** A path seen from the user's working folder: a task runs elsewhere, and has that in `INIT_CWD`. */
function fromUser(name: string): string {
  if (name.startsWith("/")) return name;
  const { state } = Deno.permissions.querySync({ name: "env", variable: "INIT_CWD" });
  const folder = state === "granted" ? Deno.env.get("INIT_CWD") : undefined;
  return folder === undefined ? name : `${folder}/${name}`;
}
