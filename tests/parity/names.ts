import type { Random } from "../harness/python_oracle.ts";

/** Random choices of a case, with the share of them that is meant to go wrong. */
export class Chooser {
  readonly random: Random;
  /** Probability of each wild choice. */
  readonly wildness: number;

  constructor(random: Random, wildness: number) {
    this.random = random;
    this.wildness = wildness;
  }

  wild(factor = 1): boolean {
    return this.random.chance(this.wildness * factor);
  }

  chance(probability: number): boolean {
    return this.random.chance(probability);
  }

  below(end: number): number {
    return this.random.below(end);
  }

  pick<T>(items: readonly T[]): T {
    return this.random.pick(items);
  }

  /** A usual choice, or now and then one that may be wrong. */
  usual<T>(usual: readonly T[], wild: readonly T[], factor = 1): T {
    return this.wild(factor) ? this.pick(wild) : this.pick(usual);
  }

  /** Some of the items, in their order. */
  some<T>(items: readonly T[], probability = 0.5): T[] {
    return items.filter(() => this.chance(probability));
  }

  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.below(left.length), 1)[0]!);
  }
}

export const LOGGER_NAMES = [
  ..."a a.b a.b.c a.bc a.b.c.d ab b b.c x.y.z".split(" "),
  ..."__proto__ constructor constructor.x toString 1 10 1.2 a.10 %s a.$& a%% é.ü 😀".split(" "),
  ..."a..b .a . a..b.c A root.x Root hasOwnProperty.y __proto__.b".split(" "),
];

/** With those that stand for the root. */
export const ANY_LOGGER_NAMES = [...LOGGER_NAMES, "root", "", "root"];

export const LEVEL_NAMES = "DEBUG INFO WARNING ERROR CRITICAL WARN FATAL NOTSET".split(" ");

export const WRONG_LEVELS = [
  ..."debug Info 10 0 30 LOUD TRACE".split(" "),
  "",
  " ",
  "INFO DEBUG",
  "Level 10",
  "__proto__",
  "toString",
];

export const FORMATS: Readonly<Record<string, readonly string[]>> = {
  "%": [
    "%(levelname)s:%(name)s:%(message)s",
    "%(message)s",
    "%(levelname)-8s|%(message)s|",
    "%(levelno)d %(name).3s %(message)r",
    "%(levelname)s %(message)s%%",
    "[%(name)10s] %(message)s ; not a comment",
    "%(args)s|%(exc_text)s|%(stack_info)r|%(msg)s",
    "%(asctime).4s %(message)s",
    "%(message)s\u00e9\\n",
    "$& %(message)s $1",
    "%(levelno)03d|%(levelno)+d|%(levelno)x|%(message).2s",
  ],
  "{": [
    "{levelname}:{name}:{message}",
    "{message}",
    "{levelname:>10}|{message!r}",
    "{{}} {message:.3}",
    "{levelno:04d} {message}",
    "{name:^12}|{message}",
    "{args!r} {exc_info} {message}",
    "{asctime:.4} {message}",
  ],
  "$": [
    "${levelname}:${name}:${message}",
    "$message",
    "$levelname $$ ${message}",
    "$name: $message!",
    "${levelname} $levelno",
  ],
};

export const WRONG_FORMATS: Readonly<Record<string, readonly string[]>> = {
  "%": [
    "no field",
    "%(user)s %(message)s",
    "%(__proto__)s|%(constructor)s|%(message)s",
    "%(message)",
    "%(message)z",
    "%(nothing)s %(message)s",
    "%(message)d",
    "%(message)s %",
    "%(message)s %s",
    "%(message)s %d",
    "%(MESSAGE)s",
    "%%(message)s",
    "%( message )s",
    "%(name)s %(message",
    "%(a-b)s",
    "{message}",
    "$message",
    "%(message)5.s|%(levelname)5.2s",
    "%(__proto__)s",
    "%(constructor)s",
    "",
  ],
  "{": [
    "no field",
    "{user} {message}",
    "{}",
    "{0}",
    "{message",
    "message}",
    "{message!x}",
    "{nothing}",
    "{message:d}",
    "{message.x}",
    "{message[0]}",
    "{levelno:}",
    "{ message }",
    "%(message)s",
    "{message:{levelno}}",
    "{message!r:>20}",
    "{levelname:5{x}}",
    "{constructor}",
    "",
  ],
  "$": [
    "no field",
    "$",
    "$$",
    "$ message",
    "${message",
    "$nothing",
    "${1}",
    "$message $",
    "${ message }",
    "%(message)s",
    "$é",
    "${message} $1",
    "$constructor",
    "",
  ],
};

export const DATE_FORMATS = ["%Y", "", "X", "%%", "%Y-%m", "plain text"];

export const MESSAGES: readonly (readonly [string, readonly unknown[]])[] = [
  ["plain", []],
  ["100%", []],
  ["100% %s %d %%", []],
  ["%s and %s", ["a", "b"]],
  ["%s", ["%s"]],
  ["%d items of %5.1f|%-6s|%06d", [3, 2.25, "x", -42]],
  ["%s %r", [[1, 2, "x"], { a: 1, b: [2.5] }]],
  ["%(a)s-%(b)d", [{ a: "x", b: 3 }]],
  ["%(a)s", [{ b: 1 }]],
  ["%s", [{ a: 1 }]],
  ["%s", [{}]],
  ["%s", [[]]],
  ["none", [{}]],
  ["none", [[]]],
  ["few %s %s", ["a"]],
  ["many %s", ["a", "b"]],
  ["many", ["a"]],
  ["%d", ["3"]],
  ["%d", [3.99]],
  ["%x", [255]],
  ["%x", [1.5]],
  ["%#x %#o %X", [255, 8, 255]],
  ["%c%c", [65, "B"]],
  ["%c", ["ab"]],
  ["%e %g %G", [12345.678, 0.00001, 1e20]],
  ["%.0f %.0f %.0f", [0.5, 1.5, 2.5]],
  ["%5s|%-5s|%.2s", ["é", "😀", "😀😀😀"]],
  ["%*d|%-*d|%.*f", [5, 42, 5, 42, 2, 3.14159]],
  ["%%%s%%", ["x"]],
  ["%", ["x"]],
  ["%y", ["x"]],
  ["%(a", [{ a: 1 }]],
  ["$& $1 $` $' %s", ["$&"]],
  ["{} {0} {message}", []],
  ["%s %s", ["__proto__", "constructor"]],
  ["%(__proto__)s", [{ a: 1 }]],
  ["%(constructor)s", [{ a: 1 }]],
  ["%(1)s %(10)s", [{ 1: "one", 10: "ten" }]],
  ["%i %u %s", [1, 2, 1e21]],
  ["%s %s %s", [0.1, 1e-7, -0.5]],
  ["%a", ["é😀"]],
  ["two\nlines %s", ["a\nb"]],
  ["", []],
  ["%(levelname)s", []],
  ["a\u0000b", []],
  ["%ld %hd %Lf", [1, 2, 3.5]],
  ["%5%", ["x"]],
  ["%+d % d %05.1f", [1, 2, 3.14159]],
  ["%s", [12345678901234]],
  ["%(a)s %%", [{ a: "%" }]],
  ["%(a)s %s", [{ a: "x" }]],
  ["%s %(a)s", [{ a: "x" }]],
  ["%(a)d %(b)5.2f %(c)r", [{ a: 1.9, b: 2, c: "q'" }]],
  ["%(extra)s", [{ extra: 1 }]],
];

/** Messages that are not text. */
export const OTHER_MESSAGES: readonly (readonly [unknown, readonly unknown[]])[] = [
  [42, []],
  [2.5, []],
  [["a", 1], []],
  [{ a: "b" }, []],
  [42, ["x"]],
];
