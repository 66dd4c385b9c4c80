import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import { ReversibleChanges } from "../../src/config/apply/reversible_changes.ts";
import { standardRegistry } from "../../src/config/build/registry.ts";
import { Handler } from "../../src/core/handlers/handler.ts";
import { Manager } from "../../src/core/loggers/manager.ts";

/** Keeps what it is given, as the classes of a program may. */
class Keeper extends Handler {
  readonly given: unknown;

  constructor(given: unknown) {
    super();
    this.given = given;
  }

  emit(): void {}
}

class OtherKeeper extends Keeper {}

/** A thread that is sent the same text again and again. */
class Thread {
  readonly registry = standardRegistry();
  readonly #manager = new Manager();
  readonly #log = new ReversibleChanges(this.#manager, this.registry);
  #seq = 0;

  constructor() {
    this.registry.registerHandler("my.Keeper", Keeper, { parameters: ["given"] });
  }

  /** The handler that it has once it has taken the change. */
  take(args: string): Keeper {
    const text = `[loggers]
keys=root
[handlers]
keys=keeper
[formatters]
keys=
[logger_root]
level=INFO
handlers=keeper
[handler_keeper]
class=my.Keeper
args=${args}
`;
    const seq = ++this.#seq;
    const by = "somebody", at = "2026-11-22T00:00:00Z";
    this.#log.apply({ id: String(seq), seq, text, by, at });
    return this.#manager.root.handlers[0] as Keeper;
  }
}

Deno.test("the same text makes new handlers each time", () => {
  const thread = new Thread();
  const first = thread.take("('app',)"), second = thread.take("('app',)");
  assertNotStrictEquals(first, second);
  assertEquals([first.given, second.given], ["app", "app"]);
});

Deno.test("what a handler does to its arguments does not come back with the same text", () => {
  for (const args of ["([1, 2],)", "(([1, 2], 3),)", "({'a': 1},)", "({1, 2},)"]) {
    const thread = new Thread();
    const first = thread.take(args), second = thread.take(args);
    assertEquals(first.given, second.given, args);
    assertNotStrictEquals(first.given, second.given, args);
  }
});

Deno.test("a name that is registered anew means the new thing, though the text is the same", () => {
  const thread = new Thread();
  thread.registry.registerObject("my.thing", "old");
  assertEquals(thread.take("(my.thing,)").given, "old");
  thread.registry.registerObject("my.thing", "new");
  assertEquals(thread.take("(my.thing,)").given, "new");
  thread.registry.registerHandler("my.Keeper", OtherKeeper, { parameters: ["given"] });
  assert(thread.take("(my.thing,)") instanceof OtherKeeper);
});

Deno.test("a registered object is given as it is, each time", () => {
  const thread = new Thread();
  const list = [1];
  thread.registry.registerObject("my.list", list);
  assert(thread.take("(my.list,)").given === list);
  assert(thread.take("(my.list,)").given === list);
});
