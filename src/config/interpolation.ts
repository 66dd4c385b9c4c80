import { ConfigError } from "../core/errors.ts";
import { excerpt } from "./excerpt.ts";

/** As deep as CPython's `MAX_INTERPOLATION_DEPTH`. */
const DEEPEST = 10;

/**
 * Differs from CPython: it has no such bounds, and ten short options that each name
 * the next one a hundred times would keep it busy for ever.
 */
const MOST_REFERENCES = 10_000;
const LONGEST_VALUE = 1 << 20;

const REFERENCE = /%\(([^)]+)\)s/y;

/** What `interpolate` needs of an option. */
export interface RawOption {
  readonly value: string;
  readonly line: number;
}

/** Where `interpolate` looks names up: the reading section's own options, then `[DEFAULT]`'s. */
export interface InterpolationScope {
  readonly section: string;
  lookUp(key: string): RawOption | undefined;
}

/**
 * Expands `%(name)s` and `%%` in an option's value, as `configparser.BasicInterpolation`.
 *
 * @throws {ConfigError} With the line of the option that holds the bad reference; CPython
 * names the option that was asked for.
 */
export function interpolate(
  scope: InterpolationScope,
  key: string,
  option: RawOption,
): string {
  let references = 0;
  let length = 0;
  const parts: string[] = [];

  function fail(reason: string, at: string, line: number): never {
    const whose = at === key ? "" : ` (needed by option "${key}")`;
    throw new ConfigError(`Cannot expand value${whose}: ${reason}`, {
      section: scope.section,
      key: at,
      line,
    });
  }

  function push(part: string, at: string, line: number): void {
    length += part.length;
    if (length > LONGEST_VALUE) {
      fail(`it grows over ${LONGEST_VALUE} characters`, at, line);
    }
    parts.push(part);
  }

  function expand(at: string, { value, line }: RawOption, depth: number): void {
    if (depth > DEEPEST) {
      fail(`references nest deeper than ${DEEPEST}`, at, line);
    }
    let from = 0;
    for (;;) {
      const percent = value.indexOf("%", from);
      if (percent < 0) return push(value.slice(from), at, line);
      push(value.slice(from, percent), at, line);

      const next = value[percent + 1];
      if (next === "%") {
        push("%", at, line);
        from = percent + 2;
        continue;
      }
      const rest = value.slice(percent, percent + 120);
      if (next !== "(") {
        fail(
          `"%" must be followed by "%" or "(", found ${excerpt(rest)}`,
          at,
          line,
        );
      }
      REFERENCE.lastIndex = percent;
      const name = REFERENCE.exec(value)?.[1]?.toLowerCase();
      if (name === undefined) {
        fail(
          `a reference must look like "%(name)s", found ${excerpt(rest)}`,
          at,
          line,
        );
      }
      if (++references > MOST_REFERENCES) {
        fail(`it holds more than ${MOST_REFERENCES} references`, at, line);
      }
      const target = scope.lookUp(name);
      if (target === undefined) {
        fail(
          `no option ${excerpt(name)} in this section or in [DEFAULT]`,
          at,
          line,
        );
      }
      from = REFERENCE.lastIndex;
      if (target.value.includes("%")) expand(name, target, depth + 1);
      else push(target.value, at, line);
    }
  }

  expand(key, option, 1);
  return parts.join("");
}
