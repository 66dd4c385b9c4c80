import type { Delivery } from "../../client/request.ts";
import { tellUnsigned } from "../arguments/tell_unsigned.ts";

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

/** The exit statuses of commands that change something, for their help. */
export const CHANGE_EXITS: string = `Exit status:
  0  all threads have it
  1  one rejects it or has gone, or the host cannot be reached
  2  wrong usage or a bad file; nothing was sent
  3  nobody listens whom it means
  4  not rejected, but pending somewhere, not confirmed (by CPython's
     listeners, which confirm nothing), or not sent to one that cannot do it`;

/** The exit statuses of commands that ask threads something, for their help. */
export const QUESTION_EXITS: string = `Exit status:
  0  all threads have answered
  1  one refuses or has gone, or the host cannot be reached
  2  wrong usage or a bad file; nothing was asked
  3  nobody listens who can be asked
  4  no refusal, but one that computes has not answered in time`;

/** The exit status of a command; tells why nothing was signed if that is the reason for it. */
export function exitStatus(deliveries: readonly Delivery[]): number {
  tellUnsigned(deliveries.map(({ error }) => error?.message));
  const asked = deliveries.filter(isMeant);
  if (asked.length === 0) return EXIT.nobody;
  const isRefused = ({ kind, outcome, gone, unable }: Delivery) =>
    outcome === "rejected" || gone === true ||
    (outcome === "skipped" && kind === undefined && unable !== true);
  if (asked.some(isRefused)) return EXIT.rejected;
  return asked.every(isDone) ? EXIT.ok : EXIT.unconfirmed;
}

/** Whether a listener was meant; a foreign service never is. */
export function isMeant({ kind, outcome, unable }: Delivery): boolean {
  return kind !== "foreign" && (kind === undefined || outcome !== "skipped" || unable === true);
}

/** Whether a thread has what its sender wants. */
export function isDone({ outcome }: Delivery): boolean {
  return outcome === "applied" || outcome === "unchanged";
}
