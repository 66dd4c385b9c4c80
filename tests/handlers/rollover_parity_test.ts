import { assertEquals } from "@std/assert";
import { askPython, Random, testSeed } from "../config/python_oracle.ts";
import { ChildProgram } from "../harness/child_program.ts";
import type { RolloverCase, RolloverResult } from "./rollover_case.ts";

/** Zones north and south of the equator, with half hours, and with none of it. */
const ZONES = [
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "America/Sao_Paulo",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "America/St_Johns",
  "Asia/Kolkata",
];

const CASES_PER_ZONE = 120;

const PROGRAM = `
import datetime, json, logging.handlers, os, time
zones = json.load(sys.stdin)
now = 0
class Clock:
    def __getattr__(self, name): return getattr(time, name)
    def time(self): return now + 0.5
results = []
for zone, cases in zones.items():
    os.environ["TZ"] = zone
    time.tzset()
    for case in cases:
        at = case["atTime"] and datetime.time(*case["atTime"])
        logging.handlers.time = time
        handler = logging.handlers.TimedRotatingFileHandler(
            "/nowhere/app.log", case["when"], case["interval"], 0, delay=True, utc=case["utc"],
            atTime=at)
        computed = [handler.computeRollover(at) for at in case["times"]]
        chain = []
        handler.rotator = lambda source, dest: chain.append(os.path.basename(dest))
        handler.rolloverAt = computed[0]
        logging.handlers.time = Clock()
        for seconds in case["late"]:
            now = handler.rolloverAt + seconds
            handler.doRollover()
            chain.append(handler.rolloverAt)
        results.append({"computed": computed, "chain": chain})
print(json.dumps(results))
`;

Deno.test("rollovers come when CPython's come, and files get its names", async () => {
  const seed = testSeed();
  const random = new Random(seed);
  const zones = Object.fromEntries(
    ZONES.map((zone) => [zone, Array.from({ length: CASES_PER_ZONE }, () => makeCase(random))]),
  );
  const expected = await askPython(PROGRAM, zones) as RolloverResult[] | undefined;
  if (expected === undefined) return;
  for (const [index, [zone, cases]] of Object.entries(zones).entries()) {
    const wanted = expected.slice(index * CASES_PER_ZONE, (index + 1) * CASES_PER_ZONE);
    const actual = await rollInZone(zone, cases);
    for (const [number, one] of cases.entries()) {
      const message = `seed ${seed}, ${zone}, ${JSON.stringify(one)}`;
      assertEquals(actual[number], wanted[number], message);
    }
  }
});

async function rollInZone(TZ: string, cases: RolloverCase[]): Promise<RolloverResult[]> {
  await using child = ChildProgram.deno("tests/fixtures/handlers_rollover.ts", {
    args: [JSON.stringify(cases)],
    env: { TZ },
  });
  return JSON.parse(await child.output());
}

function makeCase(random: Random): RolloverCase {
  const when = random.pick(
    ["S", "m", "H", "d", "midnight", "MIDNIGHT", "W0", "w1", "W2", "W3", "W4", "W5", "W6"],
  );
  return {
    when,
    interval: 1 + random.below(4),
    utc: random.chance(0.2),
    atTime: random.chance(0.5)
      ? [random.below(24), random.below(60), random.pick([0, random.below(60)])]
      : null,
    times: Array.from({ length: 6 }, () => makeTime(random)),
    late: Array.from({ length: 6 }, () => random.pick([0, 1, random.below(90_000)])),
  };
}

/** A time in 2023 and 2024, mostly within a week of the ends of March and October. */
function makeTime(random: Random): number {
  const start = Date.UTC(2023, 0) / 1000;
  if (random.chance(0.3)) return start + random.below(2 * 365 * 86_400);
  const change = Date.UTC(2023 + random.below(2), random.pick([2, 3, 8, 9, 10]), 1) / 1000;
  return change + random.below(33 * 86_400);
}
