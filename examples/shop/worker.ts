/** One of the threads that work out prices. */
import "./logger.ts";
import { type Order, priceOf } from "./price.ts";

const scope = self as unknown as Worker;
scope.onmessage = ({ data }: MessageEvent<Order>) => scope.postMessage(priceOf(data));
scope.postMessage("ready");
