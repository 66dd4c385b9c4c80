/**
 * A service with request ids, two workers, JSON lines, redaction and a log file that rotates.
 *
 * ```sh
 * deno run --allow-net=127.0.0.1 --allow-read --allow-write=. examples/shop/main.ts
 * curl -d '{"items": [{"name": "tea", "price": 3}]}' http://127.0.0.1:8000/orders
 * deno task set shop.price=DEBUG --for 1m
 * ```
 *
 * @module
 */
import { log } from "./logger.ts";
import type { Order, Priced } from "./price.ts";
import { answer } from "./server.ts";

/** A worker that takes one order after the other. */
class PriceWorker {
  readonly #worker: Worker;
  #last: Promise<unknown>;

  constructor(name: string) {
    this.#worker = new Worker(new URL("worker.ts", import.meta.url), { type: "module", name });
    this.#last = this.#next();
  }

  /** What the order costs. */
  price(order: Order): Promise<Priced> {
    const priced = this.#last.then(() => {
      this.#worker.postMessage(order);
      return this.#next() as Promise<Priced>;
    });
    this.#last = priced;
    return priced;
  }

  #next(): Promise<unknown> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#worker.onmessage = ({ data }) => resolve(data);
    return promise;
  }
}

const workers = [new PriceWorker("price 1"), new PriceWorker("price 2")];
let turn = 0;

Deno.serve({
  hostname: "127.0.0.1",
  port: Number(Deno.args[0] ?? 8000),
  onListen: ({ port }) => log.info("open", { port }),
}, (request) => answer(request, (order) => workers[turn++ % 2]!.price(order)));
