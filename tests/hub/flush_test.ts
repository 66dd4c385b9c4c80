import { assertEquals, assertRejects } from "@std/assert";
import { Handler } from "../../src/core/handlers/handler.ts";
import { flush } from "../../src/hub/flush.ts";

type Failure = "at once" | "later";

/** Has something to write out, which may fail. */
class SlowHandler extends Handler {
  /** What has been done. */
  readonly done: string[] = [];
  #fails: Failure | undefined;

  constructor(fails?: Failure) {
    super();
    this.#fails = fails;
  }

  /** It is still there in the next test. */
  mend(): void {
    this.#fails = undefined;
  }

  emit(): void {}

  override flush(): Promise<void> {
    if (this.#fails === "at once") throw new Error("flush failed at once");
    return this.#flushLater();
  }

  /** As handlers have it that send in the background. */
  async drain(): Promise<void> {
    await Promise.resolve();
    this.done.push("drain");
  }

  async #flushLater(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#fails === "later") throw new Error("flush failed later");
    this.done.push("flush");
  }
}

Deno.test("flush() waits for all handlers, and then says what has failed", async (t) => {
  const cases: { fail: Failure[]; says?: string }[] = [
    { fail: [] },
    { fail: ["at once"], says: "flush failed at once" },
    { fail: ["later"], says: "flush failed later" },
    { fail: ["later", "at once"], says: "Cannot flush 2 handlers" },
  ];
  for (const { fail, says } of cases) {
    await t.step(`failing: ${fail.join(", ") || "none"}`, async () => {
      // One is made before those that fail, one after them.
      const handlers = [undefined, ...fail, undefined].map((one) => new SlowHandler(one));
      if (says === undefined) await flush();
      else await assertRejects(flush, Error, says);
      for (const handler of handlers) handler.mend();
      const drained = [undefined, ...fail, undefined].map((one) =>
        one === undefined ? ["flush", "drain"] : ["drain"]
      );
      assertEquals(handlers.map(({ done }) => done.slice(0, 2)), drained);
    });
  }
});
