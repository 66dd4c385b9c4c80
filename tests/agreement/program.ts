/**
 * A program whose threads do what they are told on stdin, each by its name, and tell what they
 * see from inside; the harness has the other half.
 */
import { basicConfig, getLogger, listen, stopListening } from "../../mod.ts";
import { stdinLines } from "../fixtures/stdin_lines.ts";
import type { Guards, Order } from "./threads.ts";

const inWorker = typeof (globalThis as { WorkerGlobalScope?: unknown }).WorkerGlobalScope ===
  "function";
const NAMES = ["", "app", "app.db"];

function begin({ ports, key, refusesAll }: Guards & { readonly ports: [number, number] }): void {
  const verify = () => {
    console.log("verify was asked");
    return null;
  };
  listen(undefined, { ports, key, ...refusesAll ? { verify } : {} });
}

function follow({ number, ...order }: Order): void {
  switch (order.do) {
    case "begin":
      basicConfig({ level: "INFO" });
      begin(order);
      break;
    case "listen":
      begin(order);
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
    case "compute": {
      console.log("computing");
      const end = performance.now() + order.ms;
      while (performance.now() < end);
      break;
    }
    case "look":
      break;
  }
  // Applies what waits, as every log call does.
  getLogger().isEnabledFor("DEBUG");
  const levels = NAMES.map((logger) => [logger || "root", getLogger(logger).level]);
  // Whether what is for some log calls only is for this one.
  const scoped = getLogger("app").with({ user: 7 }).isEnabledFor(5) ? [["scoped", 1]] : [];
  console.log(`${number} ${JSON.stringify(Object.fromEntries([...levels, ...scoped]))}`);
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
