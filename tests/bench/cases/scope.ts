import type { Case } from "../case.ts";
import { measureBound, measureContext, measureEnabled } from "../scope/measure.ts";

/** What it costs others that somebody has turned a level for one user. */
export const SCOPE: readonly Case[] = [
  {
    name: "scope-bound",
    description: "A dropped call of a bound logger while a scope is in force for another user",
    run: ({ pace }) => measureBound(pace),
  },
  {
    name: "scope-context",
    description: "The same inside a context: 1.5 times a look at it, and 20 ns, are allowed",
    run: ({ pace }) => measureContext(pace),
  },
  {
    name: "enabled-null",
    description: "A call to a handler that does nothing, no change being in force, and by hand",
    run: ({ pace }) => measureEnabled(pace),
  },
];
