/** The parts of a point in time that rollovers go by, as Python's `time.localtime` has them. */
export interface ClockTime {
  /** Seconds since the day began on the clock. */
  readonly secondOfDay: number;
  /** Day of the week, 0 for Monday. */
  readonly weekday: number;
}

/** The time on the local clock, or on that of Greenwich. */
export function clockTime(seconds: number, utc: boolean): ClockTime {
  const date = new Date(seconds * 1000);
  const [hour, minute, second, day] = utc
    ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCDay()]
    : [date.getHours(), date.getMinutes(), date.getSeconds(), date.getDay()];
  return { secondOfDay: (hour * 60 + minute) * 60 + second, weekday: (day + 6) % 7 };
}

let zoneNames: Intl.DateTimeFormat | undefined;

/**
 * Whether the local clock is on daylight saving time, C's `tm_isdst`.
 *
 * Differs from CPython: where the time zone database calls winter the exception, as in
 * Ireland and Morocco, this does not, and so moves rollovers the right way.
 */
export function isDaylightSaving(seconds: number): boolean {
  const date = new Date(seconds * 1000);
  const year = date.getFullYear();
  const offsets = [0, 3, 6, 9].map((month) => -new Date(year, month, 1).getTimezoneOffset());
  const offset = -date.getTimezoneOffset();
  if (offset === Math.min(offset, ...offsets)) return false;
  // A zone may have moved for good; only the name tells that from a summer.
  zoneNames ??= new Intl.DateTimeFormat("en-US", { timeZoneName: "long" });
  const parts = zoneNames.formatToParts(date);
  return !/\bStandard Time$/.test(parts.find(({ type }) => type === "timeZoneName")?.value ?? "");
}
