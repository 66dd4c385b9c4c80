/** Tells whether one of the paths leads to a field. */
export type PathTest = (name: string, above: readonly string[]) => boolean;

/** Most names of fields for which the paths that end there are remembered. */
const MOST_NAMES = 2000;

/**
 * Makes a test of paths such as `password`, `headers.authorization`, `*.token` or
 * `items[*].card`. A path leads to a field wherever in a value it fits, as if it began with
 * whatever is above; `*` is any one name or place in a list, and may stand for nothing at the
 * beginning. Upper and lower case are the same, since headers are written in both, and so are a
 * name with dots in it, such as `http.headers.cookie`, and one in another.
 *
 * @throws {RangeError} A path that is empty, or has an empty name in it.
 */
export function compilePaths(paths: readonly string[]): PathTest {
  const all = paths.map(parsePath);
  /** The paths that may end at a name, without that. */
  const endings = new Map<string, readonly (readonly string[])[]>();
  return (name, above) => {
    let found = endings.get(name);
    if (found === undefined) {
      const lower = name.toLowerCase();
      const ways = lower.includes(".") ? [[lower], lower.split(".")] : [[lower]];
      found = all.flatMap((path) => ways.flatMap((names) => beforeEnd(path, names)));
      if (endings.size >= MOST_NAMES) endings.clear();
      endings.set(name, found);
    }
    for (const path of found) if (endsWith(above, path)) return true;
    return false;
  };
}

/** A list with the names of a path before `names`, if one of the two ends with the other. */
function beforeEnd(path: readonly string[], names: readonly string[]): (readonly string[])[] {
  const count = Math.min(path.length, names.length), before = path.length - count;
  const isEnd = path.slice(before).every((name, at) =>
    isName(name, names[names.length - count + at]!)
  );
  return isEnd ? [path.slice(0, before)] : [];
}

/** Whether the names above a field end with those of a path, as they are or split at their dots. */
function endsWith(above: readonly string[], path: readonly string[]): boolean {
  if (fitsEnd(above, path)) return true;
  const isParted = path.length > 0 && above.some((name) => name.includes("."));
  return isParted && fitsEnd(above.flatMap((name) => name.split(".")), path);
}

function fitsEnd(above: readonly string[], path: readonly string[]): boolean {
  if (path.length > above.length) return false;
  const start = above.length - path.length;
  for (let at = path.length - 1; at >= 0; at--) {
    if (!isName(path[at]!, above[start + at]!.toLowerCase())) return false;
  }
  return true;
}

function isName(pattern: string, lower: string): boolean {
  return pattern === "*" || pattern === lower;
}

/** `a.b`, `a[*].b` and `a["b.c"]` as names in lower case. */
function parsePath(path: string): string[] {
  const names: string[] = [];
  const piece = /(?:^|\.)([^.[\]]+)|\[(?:"([^"]*)"|'([^']*)'|([^\]"']+))\]/gy;
  let end = 0;
  for (const match of path.matchAll(piece)) {
    end += match[0].length;
    names.push((match[1] ?? match[2] ?? match[3] ?? match[4]!).trim().toLowerCase());
  }
  const rest = names.findIndex((name) => name !== "*");
  if (end !== path.length || rest < 0 && names.length !== 1) {
    throw new RangeError(
      `Cannot redact path "${path}": it must be names with dots between, such as headers.cookie`,
    );
  }
  return rest < 0 ? names : names.slice(rest);
}
