import * as colors from "@std/fmt/colors";
import { isTerminal } from "./print.ts";

/** Turns colours on if stdout is a terminal and `NO_COLOR` is not set. */
export function chooseColors(): void {
  colors.setColorEnabled(!Deno.noColor && isTerminal());
}
