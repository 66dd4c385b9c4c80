import { isGone } from "../../src/wire/is_gone.ts";
import { eventually } from "./deadline.ts";

/** Resolves when nobody listens on the port of this machine any more. */
export async function untilRefused(port: number): Promise<void> {
  await eventually(`port ${port} to be freed`, async () => {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return undefined;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionRefused) return true;
      // It was being closed just then.
      if (isGone(error)) return undefined;
      throw error;
    }
  });
}
