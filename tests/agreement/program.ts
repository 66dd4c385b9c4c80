/**
 * A program whose threads do what they are told on stdin, each by its name, and tell what they
 * see from inside; the harness has the other half.
 */
import { basicConfig, getLogger, listen, stopListening } from "../../mod.ts";
import { stdinLines } from "../fixtures/stdin_lines.ts";
import type { Order } from "./threads.ts";

const inWorker = typeof (globalThis as { WorkerGlobalScope?: unknown }).WorkerGlobalScope ===
  "function";
const NAMES = ["", "app", "app.db"];

function follow({ number, ...order }: Order): void {
  switch (order.do) {
    case "begin":
      basicConfig({ level: "INFO" });
      listen(undefined, { ports: order.ports });
      break;
    case "listen":
      listen(undefined, { ports: order.ports });
      break;
    case "stop":
      stopListening();
      break;
    case "set":
      getLogger(order.logger).setLevel(order.level);
      break;
    case "end":
      console.log(`${number} ended`);
      return self.close();
    case "look":
      break;
  }
  // Applies what waits, as every log call does.
  getLogger().isEnabledFor("DEBUG");
  const levels = NAMES.map((logger) => [logger || "root", getLogger(logger).level]);
  console.log(`${number} ${JSON.stringify(Object.fromEntries(levels))}`);
}

if (inWorker) {
  self.addEventListener("message", (event) => follow((event as MessageEvent<Order>).data));
} else {
  const workers = new Map<string, Worker>();
  for await (const line of stdinLines()) {
    const order = JSON.parse(line) as Order;
    const { name } = order;
    if (name === "MainProcess") follow(order);
    else {
      if (order.do === "begin") {
        workers.set(name, new Worker(import.meta.url, { type: "module", name }));
      }
      workers.get(name)!.postMessage(order);
    }
  }
}
