import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
import { captureStderr } from "./captured_stderr.ts";
import { inFolder, namesIn } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";

/** Runs something by a clock that it can set, in seconds since the epoch. */
function withClock(run: (set: (seconds: number) => void) => void): void {
  const { now } = Date;
  try {
    run((seconds) => Date.now = () => seconds * 1000);
  } finally {
    Date.now = now;
  }
}

const REFUSED: readonly [desc: string, args: readonly unknown[], message: string][] = [
  ["an unknown interval", ["x"], "Invalid rollover interval specified: X"],
  ["a week without a day", ["w"], "You must specify a day for weekly rollover from 0 to 6"],
  ["a day that is none", ["W7"], "Invalid day specified for weekly rollover: W7"],
  ["no string", [5], 'Cannot roll over at 5: "when" must be a string'],
  ["an interval that is no number", ["s", "2"], 'Cannot use interval "2": it must be a number'],
  ["a number of backups that is none", ["s", 1, "2"], 'Cannot use backupCount "2"'],
  ["an interval of nothing", ["s", 0], "Cannot use interval 0: it must be more than 0"],
  ["no days", ["midnight", -1], "Cannot use interval -1: it must be more than 0"],
  ["days without end", ["W0", Infinity], "Cannot use interval Infinity: it must be more than 0"],
  ["a time that is none", ["midnight", 1, 0, null, false, false, "12:00"], "Cannot use atTime"],
  ["an hour 24", ["W1", 1, 0, null, false, false, { hour: 24 }], "Cannot use atTime"],
  ["half a minute", ["W1", 1, 0, null, false, false, { hour: 2, minute: 0.5 }], "Cannot use atT"],
];

for (const [desc, args, message] of REFUSED) {
  Deno.test(
    `the constructor refuses ${desc}`,
    inFolder((folder) => {
      const Class = TimedRotatingFileHandler as new (...args: unknown[]) => unknown;
      assertThrows(() => new Class(`${folder}/app.log`, ...args), Error, message);
      assertEquals(namesIn(folder), []);
    }),
  );
}

Deno.test(
  "files are put aside by the clock, and the oldest go",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    withClock((setClock) => {
      const midnight = Date.UTC(2031, 0, 5) / 1000;
      setClock(midnight - 60);
      const handler = new TimedRotatingFileHandler(path, "midnight", 1, 2, null, false, true);
      handler.rolloverAt = handler.computeRollover(midnight - 60);
      for (let day = 0; day < 5; day++) {
        handler.handle(logRecord(`late on ${day}`));
        setClock(midnight + day * 86_400);
        handler.handle(logRecord(`early on ${day + 1}`));
        setClock(midnight + day * 86_400 + 86_000);
      }
      handler.close();
    });
    assertEquals(namesIn(folder), ["app.log", "app.log.2031-01-07", "app.log.2031-01-08"]);
    assertEquals(Deno.readTextFileSync(path), "early on 5\n");
    assertEquals(
      Deno.readTextFileSync(`${folder}/app.log.2031-01-08`),
      "early on 4\nlate on 4\n",
    );
  }),
);

Deno.test(
  "where the clock was put back, backups of a time to come go first",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    for (const day of ["07", "08"]) Deno.writeTextFileSync(`${path}.2031-01-${day}`, "");
    withClock((setClock) => {
      const midnight = Date.UTC(2031, 0, 5) / 1000;
      setClock(midnight - 60);
      const handler = new TimedRotatingFileHandler(path, "midnight", 1, 2, null, false, true);
      handler.rolloverAt = handler.computeRollover(midnight - 60);
      handler.handle(logRecord("late"));
      setClock(midnight);
      handler.handle(logRecord("early"));
      handler.close();
    });
    assertEquals(namesIn(folder), ["app.log", "app.log.2031-01-04", "app.log.2031-01-08"]);
  }),
);

Deno.test(
  "who finds that another handler has put the file aside does not do it again",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const handlers = [1, 2].map(() => new TimedRotatingFileHandler(path, "H", 1, 9));
    for (const handler of handlers) handler.handle(logRecord("before"));
    for (const handler of handlers) handler.rolloverAt = Date.now() / 1000 - 10;
    for (const handler of [...handlers, ...handlers]) handler.handle(logRecord("after"));
    for (const handler of handlers) handler.close();
    const [, aside, ...others] = namesIn(folder);
    assertEquals(others, []);
    assertEquals(Deno.readTextFileSync(`${folder}/${aside}`), "before\nbefore\n");
    assertEquals(Deno.readTextFileSync(path), "after\n".repeat(4));
  }),
);

Deno.test(
  "a file that is opened late is put aside by its age",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    Deno.writeTextFileSync(path, "old\n");
    Deno.utimeSync(path, new Date("2024-05-01T10:20:30Z"), new Date("2024-05-01T10:20:30Z"));
    const handler = new TimedRotatingFileHandler(path, "M", 1, 0, null, true, true);
    handler.handle(logRecord("new"));
    handler.close();
    assertEquals(namesIn(folder), ["app.log", "app.log.2024-05-01_10-20"]);
    assertEquals(Deno.readTextFileSync(path), "new\n");
  }),
);

/** Logs a line at each time, with files of others beside. */
function logAt(
  handler: TimedRotatingFileHandler,
  seconds: readonly number[],
  setClock: (seconds: number) => void,
): void {
  for (const at of seconds) {
    setClock(at);
    handler.handle(logRecord(`at ${at}`));
  }
  handler.close();
}

Deno.test(
  "only its own backups are deleted, with and without a namer",
  inFolder((folder) => {
    const foreign = [
      ...["app.log.audit", "app.log.json", "app.log.audit.2031-01-01", "app.log.2031-01-01.gz"],
      ...["old-2031-01-01.log.gz", "report-2031-01-01.txt", "app.log.2031-01-01_10", "2031-01-01"],
    ];
    withClock((setClock) => {
      for (
        const namer of [undefined, (name: string) => name.replace(/app\.log\.(.*)/, "old-$1.log")]
      ) {
        const path = `${folder}/${namer ? "b" : "a"}`;
        Deno.mkdirSync(path);
        for (const name of foreign) Deno.writeTextFileSync(`${path}/${name}`, name);
        // What is no file is no backup.
        Deno.mkdirSync(`${path}/${namer ? "old-2031-01-02.log" : "app.log.2031-01-02"}`);
        const start = Date.UTC(2031, 0, 5) / 1000;
        setClock(start);
        const handler = new TimedRotatingFileHandler(
          ...[`${path}/app.log`, "midnight", 1, 1, null, false, true] as const,
        );
        if (namer !== undefined) handler.namer = namer;
        handler.rolloverAt = handler.computeRollover(start);
        logAt(handler, [0, 1, 2, 3].map((day) => start + day * 86_400), setClock);
        for (const name of foreign) assertEquals(Deno.readTextFileSync(`${path}/${name}`), name);
        const own = namesIn(path).filter((name) => !foreign.includes(name));
        assertEquals(
          own,
          namer
            ? ["app.log", "old-2031-01-02.log", "old-2031-01-07.log"]
            : ["app.log", "app.log.2031-01-02", "app.log.2031-01-07"],
        );
      }
    });
  }),
);

Deno.test(
  "a backup that is there already is not overwritten, and the next one has the lines",
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/app.log.2031-01-05`, "of another run\n");
    withClock((setClock) => {
      const start = Date.UTC(2031, 0, 5) / 1000;
      setClock(start);
      const handler = new TimedRotatingFileHandler(
        ...[`${folder}/app.log`, "midnight", 1, 0, null, true, true] as const,
      );
      logAt(handler, [start, start + 86_400, start + 2 * 86_400], setClock);
    });
    assertEquals(namesIn(folder), ["app.log", "app.log.2031-01-05", "app.log.2031-01-06"]);
    assertEquals(Deno.readTextFileSync(`${folder}/app.log.2031-01-05`), "of another run\n");
    assertEquals(
      Deno.readTextFileSync(`${folder}/app.log.2031-01-06`).split("\n").length,
      3,
    );
  }),
);

Deno.test(
  "an empty file is not put aside, and neither is a pipe",
  inFolder(async (folder) => {
    const { success } = await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    assertEquals(success, true);
    // Somebody has to read it.
    using reader = Deno.openSync(`${folder}/pipe`, { read: true, write: true });
    withClock((setClock) => {
      const start = Date.UTC(2031, 0, 5) / 1000;
      setClock(start);
      const [empty, pipe] = ["app.log", "pipe"].map((name) =>
        new TimedRotatingFileHandler(`${folder}/${name}`, "S")
      );
      for (const handler of [empty!, pipe!]) handler.rolloverAt = start;
      setClock(start + 5);
      empty!.handle(logRecord("first"));
      pipe!.handle(logRecord("first"));
      pipe!.doRollover();
      assertEquals([empty!.rolloverAt, pipe!.rolloverAt], [start + 6, start + 6]);
      empty!.close();
      pipe!.close();
    });
    assertEquals(namesIn(folder), ["app.log", "pipe"]);
    assertEquals(Deno.readTextFileSync(`${folder}/app.log`), "first\n");
    const bytes = new Uint8Array(20);
    assertEquals(new TextDecoder().decode(bytes.subarray(0, reader.readSync(bytes)!)), "first\n");
  }),
);

Deno.test(
  "a backup that cannot be deleted is told, and the lines go on",
  inFolder(async (folder) => {
    const start = Date.UTC(2031, 0, 5) / 1000;
    class Keeping extends TimedRotatingFileHandler {
      override getFilesToDelete(): string[] {
        return [folder];
      }
    }
    const text = await captureStderr(() =>
      withClock((setClock) => {
        setClock(start);
        const handler = new Keeping(`${folder}/app.log`, "midnight", 1, 1, null, true, true);
        logAt(handler, [start, start + 86_400, start + 86_401], setClock);
      })
    );
    assertMatch(text, /IsADirectory: Cannot remove backup ".*": it is a folder/);
    assertEquals(Deno.readTextFileSync(`${folder}/app.log`).split("\n").length, 3);
    assertEquals(namesIn(folder), ["app.log", "app.log.2031-01-05"]);
  }),
);

Deno.test(
  "a rollover is later than now, whatever a subclass computes",
  inFolder((folder) => {
    class Late extends TimedRotatingFileHandler {
      override computeRollover(): number {
        return 7;
      }
    }
    withClock((setClock) => {
      setClock(1_900_000_000);
      const handler = new Late(`${folder}/app.log`, "S", 60, 0, null, false, true);
      handler.handle(logRecord("one"));
      handler.doRollover();
      assertEquals(handler.rolloverAt, 1_900_000_027);
      handler.close();
    });
  }),
);
