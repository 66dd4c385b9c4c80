import type { OpenSetting } from "../config/spec/open_setting.ts";
import { EXTENSIONS } from "../config/spec/config_spec.ts";
import { levelToSend } from "../core/levels/levels.ts";
import { quote } from "../core/errors/quote.ts";

/** The change of levels as a configuration that CPython understands as well. */
export function levelsConfig(
  levels: Readonly<Record<string, string | number>>,
  open?: OpenSetting,
  scope: object = {},
): string {
  const loggers: Record<string, { level: string | number }> = Object.create(null);
  for (const [name, level] of Object.entries(levels)) {
    if (name !== "root") loggers[name] = { level: levelToSend(level) };
  }
  const root = Object.hasOwn(levels, "root") ? { root: { level: levelToSend(levels.root!) } } : {};
  const said = open === undefined ? {} : { [EXTENSIONS]: { open, ...scope } };
  return JSON.stringify({ version: 1, incremental: true, loggers, ...root, ...said });
}

/**
 * Refuses texts that cannot be a logger's name, or a level, before anything is sent. Which loggers
 * and levels there are, only the listeners know.
 *
 * @throws {TypeError} Not an object of levels.
 * @throws {RangeError} No level is given, or a text that cannot be a logger's name or a level.
 */
export function checkLevels(levels: unknown): void {
  if (typeof levels !== "object" || levels === null || Array.isArray(levels)) {
    throw new TypeError(
      `Cannot set levels ${quote(levels)}: give an object like {"app.db": "DEBUG"}`,
    );
  }
  const all = Object.entries(levels);
  if (all.length === 0) throw new RangeError("Cannot set levels: none is given");
  for (const [name, level] of all) {
    const rule = nameRule(name);
    if (rule !== undefined) {
      throw new RangeError(`Cannot set the level of logger ${quote(name)}: ${rule}`);
    }
    if (isLevel(level)) continue;
    throw new RangeError(
      `Cannot set logger "${name}" to level ${quote(level)}: it must be a name like DEBUG, ` +
        `or a whole number up to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
}

/** The rule that a logger's name breaks; undefined if it is good. */
function nameRule(name: string): string | undefined {
  if (name === "") return "a logger needs a name, the root's is root";
  if (name.trim() !== name) return "a name neither begins nor ends with a space";
  if (/^\.|\.$/.test(name)) return "a name neither begins nor ends with a dot";
  if (name.includes("=")) return 'a name has no "="';
  // deno-lint-ignore no-control-regex
  return /[\x00-\x1f\x7f-\x9f]/.test(name) ? "a name has no control characters" : undefined;
}

/** Whether a value may be a level: programs have own names for levels; digits are meant as a number. */
function isLevel(level: unknown): boolean {
  if (typeof level === "number") return Number.isSafeInteger(level);
  // deno-lint-ignore no-control-regex
  const isName = typeof level === "string" && /^[^\x00-\x1f\x7f-\x9f]+$/.test(level);
  return isName && level.trim() === level && !/^[+-]?\d*\.?\d+$/.test(level);
}
