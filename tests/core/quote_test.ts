import { assertEquals, assertThrows } from "@std/assert";
import { quote } from "../../src/core/errors/quote.ts";
import { newTree } from "../harness/logger_tree.ts";

const itself: unknown[] = [1];
itself.push(itself);
const revoked = Proxy.revocable({}, {});
revoked.revoke();
class Wrong {
  get 0(): never {
    throw new Error("not to be read");
  }
}

/** Values, and how messages show them. */
const SHOWN: readonly [unknown, string][] = [
  ["INFO", '"INFO"'],
  [1.5, "1.5"],
  [1n, "1n"],
  [null, "null"],
  [undefined, "undefined"],
  [Symbol("s"), "Symbol(s)"],
  [() => 1, "a function"],
  [{}, "an object"],
  [Object.create(null), "an object"],
  [new Map(), "an object of class Map"],
  [new Wrong(), "an object of class Wrong"],
  [Promise.resolve(), "a promise (await it)"],
  [[9001, [9003, 9005]], "[9001, [9003, 9005]]"],
  [itself, "[1, [1, a list]]"],
  [Array.from({ length: 9 }), "a long list"],
  [revoked.proxy, "an object"],
];

Deno.test("a message shows any value briefly, and never fails for it", () => {
  assertEquals(SHOWN.map(([value]) => quote(value)), SHOWN.map(([, text]) => text));
});

Deno.test("levels that are none are shown in the same words by setLevel() and log()", () => {
  const { root } = newTree();
  for (const [value, text] of SHOWN) {
    if (typeof value === "string") continue;
    const level = value as number;
    for (
      const [call, rule] of [
        [
          () => root.setLevel(level),
          `Cannot use level ${text}: it must be a whole number or a name`,
        ],
        [() => root.log(level, "x"), `Cannot log at level ${text}: it must be a whole number`],
      ] as const
    ) {
      assertEquals(assertThrows(call, TypeError).message, rule);
    }
  }
});
