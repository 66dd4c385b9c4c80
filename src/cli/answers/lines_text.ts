import { DEFAULT_MAX_LINES } from "../../hub/board/attach_options.ts";

/**
 * How many lines a change may still bring out, to be shown behind its time. Empty if the change has
 * the usual number of lines and most of them are left.
 */
export function linesText(
  maxLines: number | undefined,
  left: number | undefined = maxLines,
): string {
  if (maxLines === undefined || left === undefined) return "";
  if (maxLines === DEFAULT_MAX_LINES && left > maxLines / 2) return "";
  return left === maxLines ? ` or ${maxLines} lines` : ` or ${left} of ${maxLines} lines`;
}
