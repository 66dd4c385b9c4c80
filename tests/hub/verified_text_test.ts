import { assertEquals, assertThrows } from "@std/assert";
import { ConfigError } from "../../src/core/errors/config_error.ts";
import { verifiedText, type Verify } from "../../src/hub/board/payload_text.ts";

Deno.test("what verify returns is read, and anything else is refused by name", () => {
  const verified = (returns: unknown) => verifiedText(btoa("text"), (() => returns) as Verify, 99);
  assertEquals(verifiedText(btoa("text"), (payload) => payload, 99), "text");
  assertEquals(verified(new TextEncoder().encode("other")), "other");
  assertThrows(() => verified(null), ConfigError, "verify has refused it");
  assertThrows(() => verified(new Uint8Array([0xff])), ConfigError, "it is not UTF-8");
  for (
    const [returns, shown] of [
      [undefined, "undefined"],
      ["text", '"text"'],
      [false, "false"],
      [[116], "[116]"],
      // That it rejects must not end the program.
      [Promise.reject(new Error("too late")), "a promise (await it)"],
    ] as const
  ) {
    const rule = "must return bytes, or null to refuse it, at once; it returned ";
    assertThrows(() => verified(returns), ConfigError, `${rule}${shown}`);
  }
});

Deno.test("what verify returns may be as long as what comes, and no longer", () => {
  const verified = (length: number) =>
    verifiedText(btoa("text"), () => new Uint8Array(length).fill(0x20), 1000);
  assertEquals(verified(1000).length, 1000);
  const said =
    "verify returned 200000000 bytes, over the limit of 1000; where that is meant, set " +
    'option "maxBytes" of listen';
  assertThrows(() => verified(200_000_000), ConfigError, said);
});
