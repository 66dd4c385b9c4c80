import * as logdial from "../../mod.ts";
import type { Handler } from "../../mod.ts";

/** Our buffered way. */
export interface Ring {
  readonly RingHandler: new (stream: typeof Deno.stdout) => Handler;
  readonly flush: () => Promise<void>;
}

/** What of it `mod.ts` has; undefined where that is nothing. */
export const RING: Ring | undefined = "RingHandler" in logdial
  ? logdial as unknown as Ring
  : undefined;
