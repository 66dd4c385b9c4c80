import { assertEquals, assertThrows } from "@std/assert";
import { askPython, Random, testSeed } from "../../harness/python_oracle.ts";
import { asctime, strftime } from "../../../src/core/format/time_format.ts";

/** Time zones that differ in hemisphere, sign, daylight saving and abbreviations. */
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Tokyo",
  "Europe/Lisbon",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "Pacific/Kiritimati",
];

const NOON = Date.UTC(2026, 6, 15, 12);

interface Case {
  /** Undefined: the default of `Formatter.formatTime`. */
  readonly format: string | undefined;
  readonly ms: number;
  readonly utc: boolean;
}

Deno.test("strftime prints as glibc in the C locale", () => {
  // Sunday, 2026-11-22 08:01:02 UTC.
  const ms = Date.UTC(2026, 10, 22, 8, 1, 2, 345);
  const cases: { desc: string; format: string; expected: string }[] = [
    { desc: "nothing", format: "", expected: "" },
    { desc: "date and time", format: "%Y-%m-%d %H:%M:%S", expected: "2026-11-22 08:01:02" },
    {
      desc: "names",
      format: "%a %A %b %B %h %p %P",
      expected: "Sun Sunday Nov November Nov AM am",
    },
    {
      desc: "compositions",
      format: "%c|%D|%F|%R|%r",
      expected: "Sun Nov 22 08:01:02 2026|11/22/26|2026-11-22|08:01|08:01:02 AM",
    },
    { desc: "locale's own", format: "%x %X %T", expected: "11/22/26 08:01:02 08:01:02" },
    { desc: "padded numbers", format: "%C %y %e %j %k %l %I", expected: "20 26 22 326  8  8 08" },
    { desc: "weeks", format: "%G %g %V %U %W %u %w", expected: "2026 26 47 47 46 7 0" },
    { desc: "zone", format: "%z %Z", expected: "+0000 GMT" },
    { desc: "seconds since the epoch", format: "%s", expected: "1795334462" },
    { desc: "characters", format: "%n%t%%", expected: "\n\t%" },
    { desc: "flags", format: "%-d %_H %^a %#Z %010d", expected: "22  8 SUN gmt 0000000022" },
    { desc: "modifiers", format: "%Ey %Od %Ez", expected: "26 22 +0000" },
    { desc: "unknown conversions", format: "%f %Q %L %Ed %é %", expected: "%f %Q %L %Ed %é %" },
    { desc: "other text", format: "é😀 $& %Y", expected: "é😀 $& 2026" },
  ];
  for (const { desc, format, expected } of cases) {
    assertEquals(strftime(format, ms, true), expected, desc);
  }
});

Deno.test("asctime and strftime follow the time from second to second", () => {
  const cases: { ms: number; expected: string }[] = [
    { ms: 0, expected: "1970-01-01 00:00:00" },
    { ms: 999.9996, expected: "1970-01-01 00:00:00" },
    { ms: 1000, expected: "1970-01-01 00:00:01" },
    { ms: -1, expected: "1969-12-31 23:59:59" },
    { ms: 0, expected: "1970-01-01 00:00:00" },
    // Years are neither padded nor cut.
    { ms: Date.UTC(12026, 0, 2), expected: "12026-01-02 00:00:00" },
    { ms: -59_000_000_000_000, expected: "100-05-13 15:06:40" },
  ];
  for (const { ms, expected } of cases) {
    assertEquals(asctime(ms, true), expected);
    assertEquals(strftime("%Y-%m-%d %H:%M:%S", ms, true), expected);
  }
});

Deno.test("asctime and strftime refuse times that are none", () => {
  for (const run of [asctime, (ms: number) => strftime("%Y", ms, false)]) {
    assertThrows(() => run(NaN, true), Error, "Invalid value NaN (not a number)");
    assertThrows(() => run(1e20, true), Error, "timestamp out of range for platform time_t");
    assertEquals(asctime(0, true), "1970-01-01 00:00:00");
  }
});

Deno.test("local times are right before, in and after a change to daylight saving time", async () => {
  const cases: { zone: string; ms: number; expected: string }[] = [
    {
      zone: "Europe/Berlin",
      ms: Date.UTC(2026, 2, 29, 0, 59, 59),
      expected: "2026-03-29 01:59:59 +0100 CET",
    },
    {
      zone: "Europe/Berlin",
      ms: Date.UTC(2026, 2, 29, 1, 0, 0),
      expected: "2026-03-29 03:00:00 +0200 CEST",
    },
    {
      zone: "Europe/Berlin",
      ms: Date.UTC(2026, 9, 25, 0, 59, 59),
      expected: "2026-10-25 02:59:59 +0200 CEST",
    },
    {
      zone: "Europe/Berlin",
      ms: Date.UTC(2026, 9, 25, 1, 0, 0),
      expected: "2026-10-25 02:00:00 +0100 CET",
    },
    {
      zone: "America/New_York",
      ms: Date.UTC(2026, 2, 8, 6, 59, 59),
      expected: "2026-03-08 01:59:59 -0500 EST",
    },
    {
      zone: "America/New_York",
      ms: Date.UTC(2026, 2, 8, 7, 0, 0),
      expected: "2026-03-08 03:00:00 -0400 EDT",
    },
    { zone: "UTC", ms: 0, expected: "1970-01-01 00:00:00 +0000 UTC" },
    // Zones whose names no English variant has.
    { zone: "Asia/Shanghai", ms: NOON, expected: "2026-07-15 20:00:00 +0800 CST" },
    { zone: "Europe/Moscow", ms: NOON, expected: "2026-07-15 15:00:00 +0300 MSK" },
    { zone: "Europe/Jersey", ms: NOON, expected: "2026-07-15 13:00:00 +0100 BST" },
    { zone: "America/Adak", ms: NOON, expected: "2026-07-15 03:00:00 -0900 HDT" },
    { zone: "Antarctica/Casey", ms: NOON, expected: "2026-07-15 20:00:00 +0800 +08" },
  ];
  for (const zone of new Set(cases.map((one) => one.zone))) {
    const inZone = cases.filter((one) => one.zone === zone);
    const texts = await runInZone(
      zone,
      inZone.flatMap(({ ms }) => [
        { format: "%Y-%m-%d %H:%M:%S %z %Z", ms, utc: false },
        { format: undefined, ms, utc: false },
      ]),
    );
    assertEquals(
      texts,
      inZone.flatMap(({ expected }) => [expected, expected.slice(0, 19)]),
      zone,
    );
  }
});

Deno.test("strftime and asctime give what CPython gives for random formats and times", async () => {
  const seed = testSeed();
  const random = new Cases(seed);
  const cases = ZONES.map((zone) => ({
    zone,
    cases: Array.from({ length: 800 }, () => random.case()),
  }));
  const expected = await askPython(
    PYTHON,
    cases.map((
      one,
    ) => [one.zone, one.cases.map(({ format, ms, utc }) => [format ?? null, ms, utc])]),
    { LC_ALL: "C.UTF-8" },
  ) as (string[] | null)[] | undefined;
  if (expected === undefined) return;
  for (const [i, one] of cases.entries()) {
    const wanted = expected[i];
    if (wanted === null || wanted === undefined) {
      console.log(`Skipped ${one.zone}: this machine's time zone database does not have it`);
      continue;
    }
    const texts = await runInZone(one.zone, one.cases);
    one.cases.forEach((one, j) => {
      assertEquals(texts[j], wanted[j], `seed ${seed}, ${cases[i]!.zone}: ${Deno.inspect(one)}`);
    });
  }
});

const PYTHON = `
import json, os, sys, time
def run(zone, cases):
    os.environ['TZ'] = zone
    time.tzset()
    # What glibc makes of a zone that it does not find.
    if zone != 'UTC' and time.tzname[0] == zone.split('/')[0]: return None
    return [time.strftime('%Y-%m-%d %H:%M:%S' if format is None else format,
                          (time.gmtime if utc else time.localtime)(ms / 1000))
            for format, ms, utc in cases]
groups = json.load(sys.stdin)
print(json.dumps([run(*g) for g in groups]))
`;

const CHILD = `
import { asctime, strftime } from ${
  JSON.stringify(new URL("../../../src/core/format/time_format.ts", import.meta.url).href)
};
const cases = JSON.parse(await new Response(Deno.stdin.readable).text());
const texts = cases.map(({ format, ms, utc }) =>
  format === undefined ? asctime(ms, utc) : strftime(format, ms, utc)
);
await new Response(JSON.stringify(texts)).body.pipeTo(Deno.stdout.writable);
`;

/** Formats in a process of its own: a process keeps the time zone that it starts with. */
async function runInZone(zone: string, cases: readonly Case[]): Promise<string[]> {
  return JSON.parse(await communicate(Deno.execPath(), ["eval", CHILD], cases, { TZ: zone }));
}

async function communicate(
  program: string,
  args: string[],
  input: unknown,
  env: Record<string, string>,
): Promise<string> {
  const command = new Deno.Command(program, {
    args,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  });
  const process = command.spawn();
  const output = process.output();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  return new TextDecoder().decode((await output).stdout);
}

/** Random cases. */
class Cases extends Random {
  case(): Case {
    const utc = this.chance(0.4);
    const format = this.chance(0.15) ? undefined : this.#format(utc);
    // Rules for local time before 1970 differ between the databases of glibc and ICU.
    const [from, to] = utc && this.chance(0.5) ? [-2000, 9000] : [1971, 2037];
    const years = from + this.next() * (to - from);
    return { format, ms: Math.round((years - 1970) * 31556952000), utc };
  }

  #format(utc: boolean): string {
    let format = "";
    for (let i = this.below(5); i >= 0; i--) {
      if (this.chance(0.3)) format += this.pick(" :-éT/");
      format += "%";
      while (this.chance(0.15)) format += this.pick("_-0^#");
      if (this.chance(0.1)) format += String(1 + this.below(12));
      if (this.chance(0.1)) format += this.pick("EO");
      // See strftime for `%s` of UTC.
      const conversion = this.pick("aAbBcCdDeFgGhHIjklmMnNpPQrRsStTuUVvwWxXyYzZfiqJL%+ é");
      format += utc && conversion === "s" ? "S" : conversion;
    }
    return format;
  }
}
