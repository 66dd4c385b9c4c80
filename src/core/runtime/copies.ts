/** A copy of the library in this thread. */
interface Copy {
  /** Where it was loaded from; undefined in a bundle that cannot tell. */
  readonly address: string | undefined;
  /** Whether levels of its loggers can be turned from outside. */
  listens: () => boolean;
}

/** The global under which all copies of the library, of whatever version, find their list. */
const KEY = Symbol.for("@logdial/logging copies");

const own: Copy = { address: import.meta.url, listens: () => false };

/** The part of an address that lies within the library, from sources or from the package. */
const WITHIN = /(src\/core\/runtime\/)?[^/]*$/;

/** All copies; this one alone where nothing can be added to the globals. */
let copies: Copy[] = [];

/** Adds this copy to the list that all of the thread have in common. */
export function noteCopy(): void {
  const globals = globalThis as { [KEY]?: Copy[] };
  Reflect.defineProperty(globals, KEY, { value: [] });
  copies = globals[KEY] ?? copies;
  copies.push(own);
}

/** Says by what this copy tells whether levels of its loggers can be turned from outside. */
export function tellListening(listens: () => boolean): void {
  own.listens = listens;
}

/** Where other copies were loaded from whose loggers no level from outside reaches. */
export function deafCopies(): string[] {
  return copies.filter((copy) => copy !== own && !copy.listens())
    .map(({ address }) => address?.replace(WITHIN, "") ?? "a bundle");
}
