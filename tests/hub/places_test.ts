import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import type { Sender } from "../../src/wire/message.ts";
import { MAX_CHARACTERS } from "../../src/hub/board/board.ts";
import type { Order, PostedOrder } from "../../src/hub/board/orders.ts";
import { requirePlace } from "../../src/hub/board/places.ts";

const from = (host: number, user?: string): Sender => ({
  by: `set root=DEBUG${user === undefined ? "" : ` by ${user}`} (10.0.0.${host}:${4000 + host})`,
  user,
});

/** The places of a thread that does not come to any order. */
class Places {
  readonly #waiting: PostedOrder[] = [];

  /** Takes one with a configuration of so many characters, if there is one for the sender. */
  take(sender: Sender, length = 10): void {
    requirePlace(this.#waiting, sender, length);
    const order: Order = { kind: "prepare", text: " ".repeat(length), transaction: "" };
    this.#waiting.push({ id: this.#waiting.length, order, sender, at: "" });
  }

  /** How many more orders it takes of senders, one by one. */
  fill(senderOf: (at: number) => Sender, length?: number): number {
    for (let at = 0;; at++) {
      try {
        this.take(senderOf(at), length);
      } catch {
        return at;
      }
    }
  }
}

Deno.test("places go to senders by halves, and to addresses by three quarters", () => {
  const places = new Places();
  assertEquals(places.fill(() => from(1)), 24);
  assertEquals(places.fill(() => from(1, "kim@vm")), 12);
  assertEquals(places.fill((at) => from(1, `name ${at}`)), 12);
  assertThrows(() => places.take(from(1, "sam@vm")), ConfigError, "48 from 10.0.0.1 wait");
  assertEquals(places.fill(() => from(2, "sam@vm")), 8);
  assertEquals(places.fill(() => from(3)), 4);
  places.take(from(4));
  // At last it is full, by as many hosts as that takes.
  assertEquals(places.fill((at) => from(5 + at)), 3);
  assertThrows(() => places.take(from(99)), ConfigError, "64 wait for the thread's next log call");
});

Deno.test("long orders of a sender, or an address, leave room for those of others", () => {
  const places = new Places(), half = MAX_CHARACTERS / 2, eighth = MAX_CHARACTERS / 8;
  // A first one may have any length.
  places.take(from(1), half);
  assertThrows(() => places.take(from(1), 1), ConfigError, "1 that name no sender at 10.0.0.1");
  assertEquals(places.fill(() => from(1, "kim@vm"), eighth), 2);
  assertThrows(() => places.take(from(1, "sam@vm"), 1), ConfigError, "3 from 10.0.0.1 wait");
  places.take(from(2), half);
});
