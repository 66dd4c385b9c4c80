import { type BridgeCall, LIBRARIES, type LibraryName } from "../bridges/libraries.ts";
import { measureBridge } from "../bridges/measure.ts";
import type { Case } from "../case.ts";

const KINDS: Readonly<Record<BridgeCall, string>> = {
  dropped: "A call below the level",
  enabled: "A call whose line goes nowhere",
};

/** What it costs a library's calls to be on the dial. */
export const BRIDGES: readonly Case[] = (Object.keys(LIBRARIES) as LibraryName[])
  .flatMap((library) =>
    (Object.keys(KINDS) as BridgeCall[]).map((kind): Case => ({
      name: `bridge-${library}-${kind}`,
      description: `${KINDS[kind]} of ${library}, bridged and plain`,
      run: ({ pace }) => measureBridge(library, kind, pace),
    }))
  );
