import { type HandlerKind, WIDTH } from "./fault_task.ts";

/** Every row of the fault table is run with each of them. */
export const HANDLER_KINDS: readonly HandlerKind[] = ["direct", "file", "ring", "ring to a file"];

/** Those that write to a pipe, if stdout is one. */
export const PIPE_KINDS: readonly HandlerKind[] = ["direct", "ring"];

/** Whether lines go by way of a ring. */
export function isRing(kind: HandlerKind): boolean {
  return kind === "ring" || kind === "ring to a file";
}

/**
 * Characters of lines beyond their number, so that a line that is being written may be counted
 * when the process is killed. The kernel then cuts a write to a file where a page of it ends,
 * 4,096 bytes: lines of 32 bytes lie in one.
 */
export function widthFor(kind: HandlerKind): number {
  return PIPE_KINDS.includes(kind) ? WIDTH : 22;
}

/** What a `[handler_…]` section says of it, but for its formatter. */
export function handlerSection(kind: HandlerKind, path: string, file = "FileHandler"): string {
  switch (kind) {
    case "direct":
      return "class = StreamHandler\nargs = (sys.stdout,)";
    case "file":
      return `class = ${file}\nargs = ('${path.replaceAll("%", "%%")}',)`;
    case "ring":
    case "ring to a file":
      return "class = logdial.RingHandler\nargs = (sys.stdout,)";
  }
}

/** A configuration whose lines are their messages. */
export function bareConf(kind: HandlerKind, path: string, file?: string): string {
  return `[loggers]
keys = root

[handlers]
keys = out

[formatters]
keys = bare

[formatter_bare]
format = %(message)s

[handler_out]
${handlerSection(kind, path, file)}
formatter = bare

[logger_root]
level = INFO
handlers = out
`;
}
