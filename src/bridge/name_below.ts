/**
 * Name of the logger that stands for a part of a library's logger. Dots at its beginning are left
 * out: as Python reads names, `http..db` is below the root, and not below `http`.
 */
export function nameBelow(lead: string, part: string): string {
  const rest = part.replace(/^\.+/, "");
  return rest === "" ? lead : `${lead}.${rest}`;
}
