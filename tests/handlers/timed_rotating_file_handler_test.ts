import { assertEquals, assertThrows } from "@std/assert";
import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
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
  ["an interval that is no number", ["s", "2"], "Cannot use interval 2: it must be a number"],
  ["an interval of nothing", ["s", 0], "Cannot use interval 0: it must be more than 0"],
  ["a time that is none", ["midnight", 1, 0, null, false, false, "12:00"], "Cannot use atTime"],
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
