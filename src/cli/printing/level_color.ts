import { getLevelNamesMapping } from "../../core/levels/levels.ts";
import { levelStyle, type Style } from "./print.ts";

/** A level's name in its colour; names of the program's own have none. */
export function coloredLevel(name: string): string {
  return levelNameStyle(name)(name);
}

/** The colour of a level, by its name. */
export function levelNameStyle(name: string): Style {
  const levels: Readonly<Record<string, number>> = getLevelNamesMapping();
  const levelno = Object.hasOwn(levels, name) ? levels[name] : undefined;
  return levelno ? levelStyle(levelno) : (text) => text;
}
