/**
 * A worker of the demo: it imports the shared logger module and logs like the main thread.
 *
 * @module
 */
import { type DemoOptions, writeLogs } from "../examples/write_logs.ts";

self.addEventListener("message", async (event) => {
  await writeLogs((event as MessageEvent<DemoOptions>).data);
  self.close();
}, { once: true });
