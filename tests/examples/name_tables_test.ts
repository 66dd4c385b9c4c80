import { assert, assertEquals } from "@std/assert";
import * as logging from "../../mod.ts";
import { defaultRegistry } from "../../src/config/build/registry.ts";
import { type NameRow, readNameTables } from "./name_tables.ts";

const FILE = "/nowhere/app.log";

/** One object of each class, to look at its members. */
const OBJECTS: Readonly<Record<string, object>> = {
  Logger: logging.getLogger("names"),
  LoggerAdapter: new logging.LoggerAdapter(logging.getLogger("names")),
  LogRecord: new logging.LogRecord("names", 20, "main.ts", 7, "text"),
  Manager: new logging.Manager(),
  PlaceHolder: new logging.PlaceHolder(logging.getLogger("names")),
  Handler: new logging.NullHandler(),
  NullHandler: new logging.NullHandler(),
  StreamHandler: new logging.StreamHandler(),
  FileHandler: new logging.FileHandler(FILE, "a", null, true),
  Formatter: new logging.Formatter(),
  BufferingFormatter: new logging.BufferingFormatter(),
  Filter: new logging.Filter(),
  Filterer: new logging.Filterer(),
  BaseRotatingHandler: new logging.RotatingFileHandler(FILE, "a", 0, 0, null, true),
  RotatingFileHandler: new logging.RotatingFileHandler(FILE, "a", 0, 0, null, true),
  TimedRotatingFileHandler: new logging.TimedRotatingFileHandler(FILE, "h", 1, 0, null, true),
  WatchedFileHandler: new logging.WatchedFileHandler(FILE, "a", null, true),
  BufferingHandler: new logging.BufferingHandler(9),
  MemoryHandler: new logging.MemoryHandler(9),
  QueueHandler: new logging.QueueHandler([]),
  QueueListener: new logging.QueueListener(new logging.Queue()),
  SocketHandler: new logging.SocketHandler("localhost", 9),
  DatagramHandler: new logging.DatagramHandler("localhost", 9),
  SysLogHandler: new logging.SysLogHandler(),
  SMTPHandler: new logging.SMTPHandler("localhost", "a@b.c", ["d@b.c"], "subject"),
  HTTPHandler: new logging.HTTPHandler("localhost", "/"),
};

/** Members that are not there unless a program sets or inherits them. */
const OPTIONAL = new Set(["namer", "rotator"]);

function isHere(owner: string | undefined, name: string): boolean {
  if (owner === undefined) return name in logging;
  const object = OBJECTS[owner];
  return object !== undefined && (name in object || name in object.constructor);
}

/** Whether something stands for a name that differs. */
function substitutes({ owner, name, how }: NameRow): boolean {
  if (how.startsWith("in configurations only")) {
    return defaultRegistry.object(`logging.handlers.${name}`) !== undefined;
  }
  const names = [...how.matchAll(/`(\w+)[`.(]/g)].map(([, name]) => name!);
  return names.some((name) => isHere(owner, name) || isHere(undefined, name));
}

Deno.test("the table of Python's names says of each whether it is here", async (t) => {
  const rows = await readNameTables();
  assert(rows.length > 250, `${rows.length} names only`);
  for (const row of rows) {
    const { owner, name, here } = row;
    await t.step(`${owner ?? "module"}: ${name}: ${here}`, () => {
      switch (here) {
        case "same":
          return assert(isHere(owner, name) || OPTIONAL.has(name), "it is not here");
        case "differs":
          return assert(isHere(owner, name) || substitutes(row), "nothing stands for it");
        case "not here":
          return assertEquals(isHere(owner, name), false, "it is here");
      }
    });
  }
});

Deno.test("no name of Python's stands in two rows of one table", async () => {
  const rows = (await readNameTables()).map(({ owner = "", name }) => `${owner}.${name}`);
  assertEquals(rows.filter((one, at) => rows.indexOf(one) !== at), []);
});
