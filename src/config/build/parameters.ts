/** Names of a constructor's parameters in order; a trailing `?` marks those with a default. */
export type Parameters = readonly string[];

/** A class does not take an argument, or needs one that is missing. */
export class ArgumentError extends TypeError {
  /** Name of the argument; undefined if there are too many arguments. */
  readonly argument: string | undefined;

  constructor(reason: string, argument?: string) {
    super(reason);
    this.argument = argument;
  }
}

/**
 * Puts Python's positional and keyword arguments into the order of the parameters, with
 * `undefined` for those not given.
 *
 * @throws {ArgumentError} A missing, unknown or doubled argument, or too many.
 */
export function bindArguments(
  what: string,
  parameters: Parameters,
  args: readonly unknown[],
  kwargs: ReadonlyMap<unknown, unknown>,
): unknown[] {
  if (args.length > parameters.length) {
    throw new ArgumentError(
      `${what} takes at most ${parameters.length} arguments (${signature(parameters)}), ` +
        `not ${args.length}`,
    );
  }
  const known = parameters.map(bareName);
  const unknown = [...kwargs.keys()].map(String).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(" and no ");
    throw new ArgumentError(
      `${what} has no argument ${names}, it takes ${signature(parameters)}`,
      unknown[0],
    );
  }
  const bound: unknown[] = parameters.map((_, index) => args[index]);
  for (const [name, value] of kwargs) {
    const index = known.indexOf(String(name));
    if (index < args.length) {
      throw new ArgumentError(`${what} got argument "${String(name)}" twice`, String(name));
    }
    bound[index] = value;
  }
  for (const [index, parameter] of parameters.entries()) {
    const given = index < args.length || kwargs.has(bareName(parameter));
    if (!given && !parameter.endsWith("?")) {
      throw new ArgumentError(
        `${what} needs argument "${parameter}", it takes ${signature(parameters)}`,
      );
    }
  }
  while (bound.length > 0 && bound.at(-1) === undefined) bound.pop();
  return bound;
}

/**
 * The first of the arguments that the error message of a class names; undefined if it names none.
 * Messages of formatters call their argument `fmt` a format.
 */
export function argumentIn(message: string, parameters: Parameters): string | undefined {
  const given = parameters.map(bareName);
  const argument = namedIn(message, given);
  if (argument !== undefined || !given.includes("fmt")) return argument;
  return namedIn(message, ["format"]) && "fmt";
}

/** The arguments that messages mean by other words, some of which are Python's. */
const IMPLIED: readonly (readonly [words: RegExp, name: string])[] = [
  [/^Cannot open log file /, "filename "],
  [/^Cannot redact (path|pattern)\b/, "$1s"],
  [/^.*\b(?:weekly rollover|rollover interval)\b/, "when"],
];

function namedIn(message: string, given: readonly string[]): string | undefined {
  const [, named] = /(?:option )?"(\w+)"(?: of \w+, | must )/.exec(message) ?? [];
  // Other quoted texts are values.
  const said = IMPLIED.reduce(
    (text, [words, name]) => text.replace(words, name),
    message.replace(/"[^"]*"|'[^']*'/g, ""),
  );
  const words = said.match(/\w+/g) ?? [];
  return [named, ...words].map((word) =>
    given.find((name) => name.toLowerCase() === word?.toLowerCase())
  ).find((name) => name !== undefined);
}

function signature(parameters: Parameters): string {
  return parameters.length === 0 ? "none" : parameters.join(", ");
}

/** The name of a parameter, without the mark `?` for a default. */
export function bareName(parameter: string): string {
  return parameter.endsWith("?") ? parameter.slice(0, -1) : parameter;
}

/** Where the parameter of that name stands, -1 if there is none. */
export function indexOfParameter(parameters: Parameters, name: string): number {
  return parameters.findIndex((parameter) => bareName(parameter) === name);
}

/** Whether there is a parameter of that name. */
export function hasParameter(parameters: Parameters, name: string): boolean {
  return indexOfParameter(parameters, name) >= 0;
}

/** Adds words to arguments by name, as far as there are parameters of their names. */
export function addWords(
  words: ReadonlyMap<string, unknown> | undefined,
  parameters: Parameters,
  named: Map<unknown, unknown>,
): void {
  for (const [word, value] of words ?? []) {
    if (hasParameter(parameters, word)) named.set(word, value);
  }
}
