import { ConfigError } from "../../core/errors/config_error.ts";
import type { Sender } from "../../wire/message.ts";
import { MAX_CHARACTERS } from "./board.ts";
import { MAX_WAITING, type PostedOrder } from "./orders.ts";
import { addressOf } from "./sender_address.ts";

/** Most places of a thread that the senders of one address take together. */
const MAX_OF_ADDRESS = MAX_WAITING * 3 / 4;
/** Most characters of the orders of one address, and of one sender, if these have more than one. */
const ADDRESS_CHARACTERS = MAX_CHARACTERS * 3 / 4, SENDER_CHARACTERS = MAX_CHARACTERS / 4;

const WAIT = "wait for the thread's next log call already";
const LEFT_FOR = "and the places that are left are for", AGAIN = "send it again once they are done";

/**
 * Makes sure that an order of `length` characters may wait beside those that wait already.
 *
 * Whoever floods a thread that computes must not keep others from it. So an address gets three
 * quarters of the places at most, and a sender, by the name that it gives at its address, gets a
 * place only while it has fewer places than are left to the address: the first sender gets half of
 * them, the next one half of the rest. An order that was told to wait is never put out. Names are
 * not proved: a sender that makes up many gets all places of its address, and only a key stops it.
 *
 * @throws {ConfigError} Too many orders wait, or too many of this sender or its address.
 */
export function requirePlace(
  waiting: readonly PostedOrder[],
  sender: Sender,
  length: number,
): void {
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

/** Whether one more order makes the texts too long; a first one is never too long. */
function isTooLong(orders: readonly PostedOrder[], length: number, most: number): boolean {
  if (orders.length === 0) return false;
  return orders.reduce((sum, order) => sum + lengthOf(order), length) > most;
}

/** The characters of the texts in an order; the rest of an order is short. */
function lengthOf({ order }: PostedOrder): number {
  if (order.kind === "verify") return order.payload.length;
  if ("text" in order) return order.text.length;
  if (!("entry" in order)) return 0;
  const { text, parsed = "", payload = "" } = order.entry;
  return text.length + parsed.length + payload.length;
}
