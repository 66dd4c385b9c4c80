import type { Adapter } from "../adapter.ts";
import { type Logtape, logtapeAdapter } from "./logtape.ts";

/** LogTape 2.3, of which the adapter uses what 2.4 has as well. */
export const ADAPTER: Adapter = await logtapeAdapter(
  "LogTape 2.3.13",
  async () => await import("npm:@logtape/logtape@2.3.13") as unknown as Logtape,
);
