/** What a name of a class may be made of. */
type Small =
  | ("a" | "b" | "c" | "d" | "e" | "f" | "g" | "h" | "i" | "j" | "k" | "l" | "m")
  | ("n" | "o" | "p" | "q" | "r" | "s" | "t" | "u" | "v" | "w" | "x" | "y" | "z");
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type Sign = Small | Uppercase<Small> | Digit | "_" | "-" | "$" | "/" | ":" | "@";

/** Dotted names that begin like `Head`, and go on otherwise than by `Next`. */
type Other<Head extends string, Next extends string> =
  | `${Head}${Exclude<Sign, Next>}${string}.${string}`
  | (Next extends "." ? never : Head extends "" ? never : `${Head}.${string}`);

/**
 * Names of classes that programs register, with a module as in Python: any but those in `logging.`
 * and `logdial.`, where all are known, so that one that is misspelt is told.
 *
 * @internal
 */
export type OwnName =
  | Other<"", "l">
  | Other<"l", "o">
  | Other<"lo", "g">
  | Other<"log", "g" | "d">
  | Other<"logg", "i">
  | Other<"loggi", "n">
  | Other<"loggin", "g">
  | Other<"logging", ".">
  | Other<"logd", "i">
  | Other<"logdi", "a">
  | Other<"logdia", "l">
  | Other<"logdial", ".">;
