/**
 * Whether a name fits a pattern in which `*` stands for any text, and `one`, if it is given, for
 * any one character. It takes time in proportion to both lengths at most, whoever made them up.
 */
export function fitsPattern(name: string, pattern: string, one?: string): boolean {
  let at = 0, place = 0;
  /** Where the last `*` stands, and how far its text reaches so far. */
  let star = -1, reach = 0;
  while (at < name.length) {
    if (pattern[place] === "*") {
      star = place++;
      reach = at;
    } else if (pattern[place] === name[at] || place < pattern.length && pattern[place] === one) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++reach;
    } else return false;
  }
  while (pattern[place] === "*") place++;
  return place === pattern.length;
}
