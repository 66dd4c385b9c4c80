import { ConfigError } from "../../core/errors/config_error.ts";
import { excerpt } from "../spec/excerpt.ts";

/** Options that are never expanded: `%(name)s` means a field of the record there. */
export const RAW_KEYS: ReadonlySet<string> = new Set(["format", "datefmt", "style", "defaults"]);

/** As deep as CPython's `MAX_INTERPOLATION_DEPTH`. */
const DEEPEST = 10;

/**
 * Most references of one value. Differs from CPython: that has no such bound, and ten short
 * options of which each names the next one a hundred times would keep it busy for ever.
 */
const MOST_REFERENCES = 1000;
const LONGEST_EXPANSION = 1 << 16;
/** Most characters that the references of a whole text may expand to, together. */
const MOST_EXPANDED = 1 << 20;

const REFERENCE = /%\(([^)]+)\)s/y;

/** What `interpolate` needs of an option. */
export interface RawOption {
  readonly key: string;
  readonly value: string;
  /** 0 for a default that the program has given. */
  readonly line: number;
}

/** Where `interpolate` looks names up: the reading section's own options, then `[DEFAULT]`'s. */
export interface InterpolationScope {
  readonly section: string;
  /** How many characters references have expanded to so far, in the whole text. */
  readonly expanded: { length: number };
  lookUp(key: string): RawOption | undefined;
}

/**
 * Expands `%(name)s` and `%%` in an option's value, as `configparser.BasicInterpolation`.
 *
 * @throws {ConfigError} With the line of the option that holds the bad reference; CPython
 * names the option that was asked for. Where a default that the program has given holds it, which
 * has no line, with that of the option that was asked for.
 */
export function interpolate(scope: InterpolationScope, option: RawOption): string {
  let references = 0;
  let length = 0;
  const parts: string[] = [];

  function fail(reason: string, at: RawOption): never {
    const { section } = scope;
    const needed = at.key === option.key ? "" : ` (needed by option ${excerpt(option.key)})`;
    if (at.line > 0) {
      const place = { section, key: at.key, line: at.line };
      throw new ConfigError(`Cannot expand value${needed}: ${reason}`, place);
    }
    const place = { section, key: option.key, line: option.line || undefined };
    throw new ConfigError(`Cannot expand given default ${excerpt(at.key)}: ${reason}`, place);
  }

  function push(part: string, at: RawOption): void {
    length += part.length;
    if (references > 0 && length > LONGEST_EXPANSION) {
      fail(`it grows over ${LONGEST_EXPANSION} characters`, at);
    }
    parts.push(part);
  }

  function expand(at: RawOption, depth: number): void {
    if (depth > DEEPEST) fail(`references nest deeper than ${DEEPEST}`, at);
    const { value } = at;
    let from = 0;
    for (;;) {
      const percent = value.indexOf("%", from);
      if (percent < 0) return push(value.slice(from), at);
      push(value.slice(from, percent), at);
      if (value[percent + 1] === "%") {
        push("%", at);
        from = percent + 2;
        continue;
      }
      const target = reference(at, percent);
      from = REFERENCE.lastIndex;
      if (target.value.includes("%")) expand(target, depth + 1);
      else push(target.value, at);
    }
  }

  /** The option named by the reference at `percent`, where `REFERENCE` stops behind it. */
  function reference(at: RawOption, percent: number): RawOption {
    const found = excerpt(at.value.slice(percent, percent + 120));
    if (at.value[percent + 1] !== "(") {
      fail(`"%" must be followed by "%" or "(", found ${found}`, at);
    }
    REFERENCE.lastIndex = percent;
    const name = REFERENCE.exec(at.value)?.[1]?.toLowerCase();
    if (name === undefined) fail(`a reference must look like "%(name)s", found ${found}`, at);
    if (++references > MOST_REFERENCES) {
      fail(`it holds more than ${MOST_REFERENCES} references`, at);
    }
    const target = scope.lookUp(name);
    if (target === undefined) {
      fail(`no option ${excerpt(name)} in this section or in [DEFAULT]`, at);
    }
    return target;
  }

  expand(option, 1);
  scope.expanded.length += length;
  if (scope.expanded.length > MOST_EXPANDED) {
    fail(`all values together grow over ${MOST_EXPANDED} characters`, option);
  }
  return parts.join("");
}
