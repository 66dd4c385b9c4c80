/** A program whose threads do what they are told, and tell what they see from inside. */
import { holdThread } from "../fixtures/hold_thread.ts";
import { basicConfig, getLogger, listen, stopListening, watchConfig } from "../../mod.ts";
import { untilStandby } from "../fixtures/until_standby.ts";
import { takeOrders } from "../fixtures/take_orders.ts";
import type { Guards, Order } from "./threads.ts";

const NAMES = ["", "app", "app.db"];

function begin(
  { ports, key, refusesAll, file, app }: Guards & { readonly ports: [number, number] },
): void {
  const verify = () => {
    console.log("verify was asked");
    return null;
  };
  listen(undefined, { ports, key, app, ...refusesAll ? { verify } : {} });
  if (file !== undefined) watchConfig(file);
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
    case "await standby":
      return void untilStandby().then(() => console.log(`${number} {}`));
    case "compute":
      console.log("computing");
      holdThread(order.ms);
      break;
    case "log":
      getLogger("app").warning(order.text);
      break;
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

void takeOrders(import.meta.url, follow);
