import { type ListenerOptions, listenForChanges, run } from "./listener.ts";

let options: ListenerOptions | undefined;

self.addEventListener("message", (event) => {
  if (options === undefined) {
    options = (event as MessageEvent<ListenerOptions>).data;
    listenForChanges(options);
    (self as unknown as Worker).postMessage("ready");
  } else {
    void run(options);
  }
});
