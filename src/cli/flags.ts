import { parseArgs } from "@std/cli/parse-args";
import { DEFAULT_PORT_TEXT, parsePorts } from "../client/ports.ts";
import type { ScanOptions } from "../client/scan.ts";
import { UsageError } from "./usage.ts";

/** Flags that all commands know. */
export const COMMON_HELP: string = `
  --ports LIST    ports to scan, such as ${DEFAULT_PORT_TEXT} (the default) or 9001,9005
  --host HOST     host of the listeners (default 127.0.0.1)
  --timeout MS    longest wait for each answer in milliseconds (default 2000)
  --json          print JSON
  --help          this text`;

/** The flags of a command, read. */
export interface Flags {
  readonly help: boolean;
  readonly json: boolean;
  readonly scan: Required<ScanOptions>;
  /** What is not a flag. */
  readonly words: readonly string[];
}

/**
 * Reads the flags of a command.
 *
 * @throws {UsageError} An unknown flag, or a value that does not fit.
 */
export function readFlags(args: readonly string[]): Flags {
  const flags: Record<string, unknown> = parseArgs([...args], {
    string: ["ports", "host", "timeout", "_"],
    boolean: ["json", "help"],
    alias: { h: "help" },
    unknown: (word: string, key: string | undefined) => {
      if (key !== undefined) throw new UsageError(`Unknown option "${word}"`);
    },
  });
  return {
    help: flags.help === true,
    json: flags.json === true,
    scan: {
      hostname: text("host", flags.host) ?? "127.0.0.1",
      ports: readPorts(text("ports", flags.ports) ?? DEFAULT_PORT_TEXT),
      timeout: readTimeout(text("timeout", flags.timeout) ?? "2000"),
    },
    words: (flags._ as unknown[]).map(String),
  };
}

function text(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new UsageError(`Cannot use --${name}: it needs one value`);
}

function readPorts(value: string): number[] {
  try {
    return parsePorts(value);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readTimeout(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new UsageError(`Cannot use --timeout "${value}": it must be 1 to 999999 milliseconds`);
}
