/** Texts that are stored in the fleet, with how many characters each may have at most. */
const MOST = {
  label: 200,
  reason: 200,
  app: 200,
  host: 200,
  thread: 200,
  // A value of NATS holds a megabyte.
  text: 900_000,
} as const;

/** Longest name of a user. */
const MOST_BY = 200;

/**
 * Longest text that is read, which is longer than what may be stored: another version may store
 * longer texts, and these must not keep anybody from reading the rest.
 */
export const READ_SHORT = 5000;
/** Longest configuration that is read: a server may be set up to take values of 64 MB. */
export const READ_LONG: number = 2 ** 26;

/** A kind of text that is stored in the fleet. */
export type FleetText = keyof typeof MOST;

/** What is wrong with the length of a text; undefined if it may be stored. */
export function lengthFault(what: FleetText, text: string): string | undefined {
  return text.length <= MOST[what]
    ? undefined
    : `it has ${text.length} characters, and ${MOST[what]} are the most that the fleet keeps`;
}

/**
 * Refuses texts that are too long to be stored.
 *
 * @throws {RangeError} One of the texts is too long.
 */
export function checkLengths(texts: Readonly<Partial<Record<FleetText, string>>>): void {
  for (const what of Object.keys(MOST) as FleetText[]) {
    const fault = lengthFault(what, texts[what] ?? "");
    if (fault !== undefined) throw new RangeError(`Cannot store the ${what} of a change: ${fault}`);
  }
}

/** The name of a user, cut to the length that may be stored: users cannot choose a shorter one. */
export function shortBy(by: string): string {
  return by.slice(0, MOST_BY);
}
