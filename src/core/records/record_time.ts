/** The first and the last second whose year has four digits, as those have who read times. */
const FIRST_SECOND = -62_167_219_200, LAST_SECOND = 253_402_300_799;

/** Whether a record has a time: the program may have put there microseconds, or anything. */
export function hasTime({ created }: { readonly created: unknown }): boolean {
  return typeof created === "number" && created >= FIRST_SECOND && created <= LAST_SECOND;
}

/** When a record was made, in whole milliseconds since the epoch; now, if it does not say. */
export function recordTime(record: { readonly created: number }): number {
  return hasTime(record) ? Math.round(record.created * 1000) : Date.now();
}
