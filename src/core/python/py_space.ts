/**
 * Whether a UTF-16 code unit is white space to Python's `str.strip`, `str.isspace`
 * and `\s`. JavaScript's `trim` also strips U+FEFF and keeps U+001C..1F and U+0085.
 */
export function isPySpace(unit: number): boolean {
  if (unit <= 0x20) {
    return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit >= 0x1c;
  }
  if (unit < 0x85) return false;
  return unit === 0x85 || unit === 0xa0 || unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f ||
    unit === 0x3000;
}

/** Python's `text.strip()`. */
export function pyStrip(text: string): string {
  let start = 0;
  while (start < text.length && isPySpace(text.charCodeAt(start))) start++;
  return pyRstrip(text.slice(start));
}

/** Python's `text.rstrip()`. */
export function pyRstrip(text: string): string {
  let end = text.length;
  while (end > 0 && isPySpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}
