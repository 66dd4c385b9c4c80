import * as logging from "../../mod.ts";
import type { HandlerKind } from "./fault_task.ts";

/** Every row of the fault table is run with each of them. */
export const HANDLER_KINDS: readonly HandlerKind[] = "RingHandler" in logging
  ? ["direct", "file", "ring"]
  : ["direct", "file"];

/** Those that write to stdout. */
export const STDOUT_KINDS: readonly HandlerKind[] = HANDLER_KINDS.filter((one) => one !== "file");

/** A configuration whose lines are their messages. */
export function confFor(kind: HandlerKind, path: string, file = "FileHandler"): string {
  const handlers: Record<HandlerKind, string> = {
    direct: "class = StreamHandler\nargs = (sys.stdout,)",
    file: `class = ${file}\nargs = ('${path}',)`,
    ring: "class = logdial.RingHandler\nargs = (sys.stdout,)",
  };
  return `[loggers]
keys = root

[handlers]
keys = out

[formatters]
keys = bare

[formatter_bare]
format = %(message)s

[handler_out]
${handlers[kind]}
formatter = bare

[logger_root]
level = INFO
handlers = out
`;
}
