import type { Adapter } from "../adapter.ts";
import { logtapeAdapter } from "./logtape.ts";

/** LogTape 2.4. */
export const ADAPTER: Adapter = await logtapeAdapter(
  "LogTape 2.4.2",
  () => import("npm:@logtape/logtape@2.4.2"),
);
