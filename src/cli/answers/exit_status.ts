import type { Delivery } from "../../client/request.ts";
import { tellUnreadKey } from "../arguments/unread_key.ts";

/** What a command ends with. */
export const EXIT = {
  /** All applied, or the command has done what it says. */
  ok: 0,
  /** At least one thread rejected the change, or could not be reached any more. */
  rejected: 1,
  /** The command line or the configuration is wrong; nothing was sent. */
  usage: 2,
  /** Nobody listens on the ports. */
  nobody: 3,
  /** Nothing was rejected, but something is pending or was not confirmed. */
  unconfirmed: 4,
} as const;

/** The exit status of a command; tells why nothing was signed if that is the reason for it. */
export function exitStatus(deliveries: readonly Delivery[]): number {
  tellUnreadKey(deliveries.map(({ error }) => error?.message));
  const asked = deliveries.filter(isMeant);
  if (asked.length === 0) return EXIT.nobody;
  if (asked.some(({ outcome }) => outcome === "rejected")) return EXIT.rejected;
  return asked.every(isDone) ? EXIT.ok : EXIT.unconfirmed;
}

/** Whether a thread was meant: a service that is something else never is. */
export function isMeant({ outcome, unable }: Delivery): boolean {
  return outcome !== "skipped" || unable === true;
}

/** Whether a thread is as its sender wants it. */
export function isDone({ outcome }: Delivery): boolean {
  return outcome === "applied" || outcome === "unchanged";
}
