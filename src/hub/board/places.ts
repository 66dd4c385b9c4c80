import { ConfigError } from "../../core/errors/config_error.ts";
import type { Sender } from "../../wire/message.ts";
import { MAX_CHARACTERS } from "./board.ts";
import { type Change, MAX_WAITING } from "./orders.ts";
import { addressOf } from "./sender_address.ts";

/** Most places of a thread that the senders of one address take together. */
export const MAX_OF_ADDRESS: number = MAX_WAITING * 3 / 4;
/** Most characters of orders beyond a first one, for those of an address and for one sender. */
const ADDRESS_CHARACTERS = MAX_CHARACTERS * 3 / 4, SENDER_CHARACTERS = MAX_CHARACTERS / 4;

const WAIT = "wait for the thread's next log call already";
const LEFT_FOR = "and the places that are left are for", AGAIN = "send it again once they are done";

/**
 * Makes sure that an order of so many characters can wait beside those of senders that do.
 *
 * Whoever floods a thread that computes must not keep others from it. So an address takes three
 * quarters of the places at most, and a sender, which is who it says it is at its address, takes a
 * place only while it has fewer than are left to its address: the first one gets half of them, the
 * next half of the rest. Nobody is put out who has been told that his change waits. A name is not
 * proved, so that whoever makes up many takes all of his address: only a key keeps him out.
 *
 * @throws {ConfigError} Too many wait, or too many of this sender or its address.
 */
export function requirePlace(waiting: readonly Change[], sender: Sender, length: number): void {
  if (waiting.length >= MAX_WAITING) {
    throw new ConfigError(`Cannot take the change: ${MAX_WAITING} ${WAIT}`);
  }
  const address = addressOf(sender.by);
  const near = waiting.filter(({ sender: { by } }) => addressOf(by) === address);
  const own = near.filter(({ sender: { user } }) => user === sender.user);
  const left = Math.min(MAX_WAITING - waiting.length, MAX_OF_ADDRESS - near.length);
  if (left <= 0 || isTooLong(near, length, ADDRESS_CHARACTERS)) {
    throw new ConfigError(
      `Cannot take the change: ${near.length} from ${address} ${WAIT}, ${LEFT_FOR} other addresses: ${AGAIN}`,
    );
  }
  if (own.length >= left || isTooLong(own, length, SENDER_CHARACTERS)) {
    const who = sender.user === undefined ? "that name no sender" : "of this sender";
    throw new ConfigError(
      `Cannot take the change: ${own.length} ${who} at ${address} ${WAIT}, ${LEFT_FOR} others: ${AGAIN}`,
    );
  }
}

/** Whether one more would be too much; a first one of any length that a frame may have never is. */
function isTooLong(changes: readonly Change[], length: number, most: number): boolean {
  if (changes.length === 0) return false;
  return changes.reduce((sum, change) => sum + lengthOf(change), length) > most;
}

/** The characters of what an order brings along; the rest of it is short. */
function lengthOf({ order }: Change): number {
  if (order.kind === "verify") return order.payload.length;
  if ("text" in order) return order.text.length;
  if (!("entry" in order)) return 0;
  const { text, parsed = "", payload = "" } = order.entry;
  return text.length + parsed.length + payload.length;
}
