import type { OptionRule } from "../../core/errors/check_options.ts";
import { Filter } from "../../core/filters/filter.ts";
import { Formatter, type Style } from "../../core/formatters/formatter.ts";
import { getRaiseExceptions, writeDiagnostic } from "../../core/io/diagnostics.ts";
import type { LogRecord } from "../../core/records/log_record.ts";
import { StreamHandler } from "../../handlers/stream_handler.ts";
import type { PartKind } from "../spec/config_spec.ts";

/** The rule of the option `unknownClass`. */
export const isUnknownClass: OptionRule = (value) =>
  value === "stand-in" || typeof value === "function"
    ? undefined
    : '"stand-in" or a function' satisfies string;

/** Classes whose absence has been told, by kind and name. */
const told = new Set<string>();

/** Names of the classes that stand in, by kind. */
const NAMES: Readonly<Record<PartKind, string>> = {
  formatter: "logging.Formatter",
  filter: "logging.Filter",
  handler: "logging.StreamHandler",
};

/** The warning that something stands in for a class. */
export function standInText(kind: PartKind, className: string, call: string): string {
  return `${NAMES[kind]} stands in for class "${className}", which needs ${call}`;
}

/**
 * Makes what stands in for an unknown class, and tells so on stderr, once for each name. The stand-in
 * of a handler writes to stderr: that opens nothing, and no record is lost in silence.
 */
export function standIn(
  kind: PartKind,
  className: string,
  call: string,
  args: readonly unknown[],
  kwargs: ReadonlyMap<string, unknown>,
): unknown {
  const key = `${kind} ${className}`;
  if (!told.has(key) && getRaiseExceptions()) {
    told.add(key);
    writeDiagnostic(`logdial: ${standInText(kind, className, call)}\n`);
  }
  if (kind === "handler") return new StreamHandler();
  if (kind === "filter") return new Filter();
  const text = (name: string, at: number) => {
    const value = kwargs.get(name) ?? args[at];
    return typeof value === "string" ? value : undefined;
  };
  return new StandInFormatter(
    text("fmt", 0) ?? text("format", 0),
    text("datefmt", 1),
    text("style", 2) as Style | undefined,
    false,
  );
}

/** A formatter in which fields that only the missing class knows are empty, so that no line is lost. */
class StandInFormatter extends Formatter {
  protected override readField(record: LogRecord, name: string): unknown {
    try {
      return super.readField(record, name);
    } catch (error) {
      if (error instanceof Error && error.name === "KeyError") return "";
      throw error;
    }
  }
}
