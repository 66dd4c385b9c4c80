/**
 * Entry of the hub thread, which serves the ports of all threads of a process; started by
 * `src/hub/start_hub.ts`.
 *
 * @module
 */
import { runHub } from "../src/hub/run_hub.ts";

await runHub();
