/** Where a key stands in a text, both 1-based. */
export interface KeyPlace {
  readonly line: number;
  readonly column: number;
}

/** Places of keys by their dotted paths, as `handlers.console.level`. */
export type KeyPlaces = ReadonlyMap<string, KeyPlace>;

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** A key that stands twice in one object; in JSON, the last one counts. */
export interface DoubledKey extends KeyPlace {
  readonly path: string;
  readonly key: string;
  /** Line of the first one. */
  readonly before: number;
}

/** The places of all keys of a JSON text that can be parsed; `tell` hears of those that are doubled. */
export function locateInJson(text: string, tell?: (doubled: DoubledKey) => void): KeyPlaces {
  const places = new Map<string, KeyPlace>();
  /** The path of each object or list that is open; keys of objects in lists are not looked for. */
  const open: {
    readonly path: string | undefined;
    readonly isObject: boolean;
    readonly lines: Map<string, number>;
  }[] = [];
  let path: string | undefined = "";
  let line = 1, column = 1, from = 0;
  let isKey = false;
  for (const { 0: token, index } of text.matchAll(JSON_TOKEN)) {
    for (; from < index; from++) {
      if (text[from] === "\n") {
        line++;
        column = 1;
        // The second half of a surrogate pair is no code point of its own.
      } else if ((text.charCodeAt(from) & 0xfc00) !== 0xdc00) column++;
    }
    const top = open.at(-1);
    if (token === "{" || token === "[") {
      const isObject = token === "{";
      open.push({ path: isObject ? path : undefined, isObject, lines: new Map() });
      isKey = token === "{";
    } else if (token === "}" || token === "]") {
      open.pop();
      isKey = false;
    } else if (token === ",") {
      isKey = top?.isObject === true;
    } else if (isKey && top !== undefined) {
      const key: string = JSON.parse(token), place = { line, column };
      path = top.path === undefined ? undefined : joined(top.path, key);
      if (path !== undefined) places.set(path, place);
      const before = top.lines.get(key);
      if (before !== undefined) tell?.({ ...place, path: top.path ?? "", key, before });
      top.lines.set(key, line);
      isKey = false;
    }
  }
  return places;
}

const YAML_KEY =
  /^(\s*)(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s#"'[{&*!|>%@`-][^#]*?|-[^\s#][^#]*?))\s*:(?:\s+(.*))?$/;

/**
 * The places of the keys of a YAML text that stand on lines of their own, which are most; those
 * in `{…}` and those that come from elsewhere (`<<`) have no place.
 */
export function locateInYaml(text: string): KeyPlaces {
  const places = new Map<string, KeyPlace>();
  const open: { readonly indent: number; readonly path: string }[] = [];
  /** Lines indented more than this belong to a text that begins with `|` or `>`. */
  let textIndent = Infinity;
  for (const [index, line] of text.split("\n").entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, blank, double, single, plain, value = ""] = YAML_KEY.exec(line.trimEnd()) ?? [];
    const indent = /^\s*/.exec(line)![0].length;
    if (indent > textIndent) continue;
    textIndent = Infinity;
    if (blank === undefined) continue;
    while (open.length > 0 && open.at(-1)!.indent >= indent) open.pop();
    const path = joined(open.at(-1)?.path ?? "", double ?? single ?? plain!);
    open.push({ indent, path });
    places.set(path, { line: index + 1, column: indent + 1 });
    if (/^(?:[&!]\S+\s+)*[|>][-+\d]*\s*(?:#.*)?$/.test(value)) textIndent = indent;
  }
  return places;
}

function joined(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** The place of a key, else that of the nearest part around it. */
export function placeOf(
  places: KeyPlaces,
  section: string | undefined,
  key: string | undefined,
): KeyPlace | undefined {
  let path = [section, key].filter((one) => one !== undefined).join(".");
  while (path !== "") {
    const place = places.get(path);
    if (place !== undefined) return place;
    path = path.slice(0, Math.max(0, path.lastIndexOf(".")));
  }
  return undefined;
}
