import { pad2, type TimeFields } from "./time_fields.ts";

// English abbreviations are spread over the regional variants: en-US has EST, en-GB has CET.
const ZONE_LOCALES = ["en-US", "en-GB", "en-AU", "en-NZ", "en-IN", "en-ZA", "en-CA"];

/** Abbreviations of the time zone database; other zones have an offset there, even if Intl names them. */
const ZONE_NAMES = new Set(
  ("ACDT ACST AEDT AEST AKDT AKST AST ADT AWST BST CAT CDT CEST CET CST EAT EDT EEST EET EST " +
    "GMT HDT HKT HST IDT IST JST KST MDT MSK MST NDT NST NZDT NZST PDT PKT PST SAST SST UTC " +
    "WAT WEST WET WIB WIT WITA").split(" "),
);

/** Names of zones, by offset in hours, that no English variant of Intl knows as the database does. */
const OWN_NAMES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  "America/Adak": { "-10": "HST", "-9": "HDT" },
  "America/Dawson": { "-7": "MST" },
  "America/Havana": { "-5": "CST", "-4": "CDT" },
  "America/Hermosillo": { "-7": "MST" },
  "America/Mazatlan": { "-7": "MST" },
  "America/Whitehorse": { "-7": "MST" },
  "Antarctica/Casey": { 8: "+08" },
  "Antarctica/Troll": { 0: "+00" },
  "Asia/Colombo": { 5.5: "+0530" },
  "Asia/Dhaka": { 6: "+06" },
  "Asia/Famagusta": { 2: "EET", 3: "EEST" },
  "Asia/Hong_Kong": { 8: "HKT" },
  "Asia/Jerusalem": { 2: "IST", 3: "IDT" },
  "Asia/Macau": { 8: "CST" },
  "Asia/Manila": { 8: "PST" },
  "Asia/Pyongyang": { 9: "KST" },
  "Asia/Seoul": { 9: "KST" },
  "Asia/Shanghai": { 8: "CST" },
  "Asia/Taipei": { 8: "CST" },
  "Asia/Tokyo": { 9: "JST" },
  "Atlantic/Azores": { 0: "+00" },
  "Atlantic/Canary": { 0: "WET" },
  "Atlantic/Faeroe": { 0: "WET" },
  "Atlantic/Madeira": { 0: "WET" },
  "Europe/Dublin": { 1: "IST" },
  "Europe/Guernsey": { 1: "BST" },
  "Europe/Isle_of_Man": { 1: "BST" },
  "Europe/Jersey": { 1: "BST" },
  "Europe/Kirov": { 3: "MSK" },
  "Europe/Lisbon": { 0: "WET" },
  "Europe/Moscow": { 3: "MSK" },
  "Europe/Simferopol": { 3: "MSK" },
  "Europe/Volgograd": { 3: "MSK" },
  "Pacific/Guam": { 10: "ChST" },
  "Pacific/Midway": { "-11": "SST" },
  "Pacific/Pago_Pago": { "-11": "SST" },
  "Pacific/Saipan": { 10: "ChST" },
};

const zoneFormats: Intl.DateTimeFormat[] = [];

/** Abbreviation of the time zone: what `%Z` prints. */
export function zoneName({ utc, epoch, offset }: TimeFields): string {
  if (utc) return "GMT";
  if (zoneFormats.length === 0) {
    for (const locale of ZONE_LOCALES) {
      zoneFormats.push(new Intl.DateTimeFormat(locale, { timeZoneName: "short" }));
    }
  }
  const own = OWN_NAMES[zoneFormats[0]!.resolvedOptions().timeZone]?.[offset / 3600];
  if (own !== undefined) return own;
  for (const format of zoneFormats) {
    const name = format.formatToParts(epoch * 1000).find(({ type }) => type === "timeZoneName");
    if (name !== undefined && ZONE_NAMES.has(name.value)) return name.value;
  }
  // The time zone database names the other zones by their offset.
  const minutes = Math.floor(Math.abs(offset) / 60);
  const rest = minutes % 60 === 0 ? "" : pad2(minutes % 60);
  return (offset < 0 ? "-" : "+") + pad2(Math.floor(minutes / 60)) + rest;
}
