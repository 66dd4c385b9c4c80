import type { ThreadStatus } from "../wire/message.ts";

/** What is said behind what a listener cannot do. */
const OLDER = "its logdial is older";

/**
 * Commands that version 0.1.0 takes for changes: it refuses them, and logs and remembers that. Who
 * looks every second would fill its log.
 */
const LATER_COMMANDS: ReadonlySet<string> = new Set(["loggers", "why", "dump"]);

/** Whether a listener is of version 0.1.0, which does not tell what it can. */
export function isFirstVersion(status: ThreadStatus): boolean {
  return status.can === undefined;
}

/** Why such a listener is not to get a command; undefined if it knows it. */
export function whyNoCommand(status: ThreadStatus, command: string): string | undefined {
  return LATER_COMMANDS.has(command) && isFirstVersion(status)
    ? `It does not know the command ${command}: ${OLDER}`
    : undefined;
}

/** What else such a listener cannot do, as a sentence that says why. */
export function cannotYet(what: string): string {
  return `It cannot ${what}: ${OLDER}`;
}
