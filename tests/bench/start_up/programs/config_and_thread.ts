/** The program `config` with a thread beside that does nothing, as a hub would be. */
import "./config.ts";

const thread = new Worker(new URL("./silent_worker.ts", import.meta.url), { type: "module" });
await new Promise((resolve) => thread.addEventListener("message", resolve));
thread.terminate();
