import { DEFAULT_MAX_LINES } from "../../hub/board/attach_options.ts";

/**
 * How many lines a change may still bring out, to stand behind its time; nothing where that is as
 * many as all changes get, and most are there.
 */
export function linesText(
  maxLines: number | undefined,
  left: number | undefined = maxLines,
): string {
  if (maxLines === undefined || left === undefined) return "";
  if (maxLines === DEFAULT_MAX_LINES && left > maxLines / 2) return "";
  return left === maxLines ? ` or ${maxLines} lines` : ` or ${left} of ${maxLines} lines`;
}
