import type { Case } from "../case.ts";
import { measureImport, measureStart, measureStartMemory } from "../start_up/measure.ts";

/** What there is to pay before the first line. */
export const START_UP: readonly Case[] = [
  {
    name: "start-time",
    description: "From start to end of a program that logs one line (modules in Deno's cache)",
    run: ({ pace }) => measureStart(pace, 1.1),
  },
  {
    name: "start-memory",
    description: "The most memory of a program that logs one line",
    run: ({ pace }) => measureStartMemory(pace, 4),
  },
  {
    name: "import",
    description: "Import of the package (modules in Deno's cache)",
    run: ({ pace }) => measureImport(pace),
  },
];
