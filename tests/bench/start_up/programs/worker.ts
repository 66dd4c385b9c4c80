/** Main listens, starts a worker that logs a line with LOGGER, and says how long that took. */
import "../../../../src/logger.ts";

const begin = performance.now();
const worker = new Worker(new URL("./listening_worker.ts", import.meta.url), { type: "module" });
await new Promise((resolve) => worker.addEventListener("message", resolve));
console.error(`took ${performance.now() - begin}`);
worker.terminate();
