import { assertEquals, assertThrows } from "@std/assert";
import {
  getHandlerByName,
  getLogRecordFactory,
  makeLogRecord,
  setLastResort,
  setLoggerClass,
  setLogRecordFactory,
} from "../../src/core/loggers/module_functions.ts";
import { NullHandler } from "../../src/handlers/null_handler.ts";
import { LogRecord } from "../../src/core/records/log_record.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { consoleText, nodeText } from "../../src/core/loggers/capture_console.ts";

const STDOUT = `--- root functions
<StreamHandler <stderr> (NOTSET)>
--- basicConfig
DEBUG:root:python_names.calls:debug
INFO:root:python_names.calls:info
WARNING:root:python_names.calls:warn
ERROR:root:python_names.calls:error
CRITICAL:root:python_names.calls:critical
CRITICAL:root:python_names.calls:fatal
TypeError: Cannot log at level "INFO": it must be a whole number
--- captureConsole
INFO:js.console:python_names.prints:3 rows 100% { a: 1 }
DEBUG:js.console:python_names.prints:debug
INFO:js.console:python_names.prints:info
WARNING:js.console:python_names.prints:warn
ERROR:js.console:python_names.prints:error
what a filter prints is not captured
WARNING:js.console:python_names.<module>:last
what a handler prints of a log call is not captured
nor what one prints that gets the record later
true
--- setLogRecordFactory
INFO:app:python_names.logs:<made>
--- makeLogRecord
WARNING:wire:away.f:mapping
--- setLoggerClass
DEBUG:traced:python_names.traces:traced
true
TypeError: Cannot make loggers from Map: it must extend Logger
--- names of handlers
one,two <StreamHandler <stdout> (NOTSET)>
undefined
one,two,four <NullHandler (NOTSET)>
undefined
[loggers]
keys=root

[handlers]
keys=one,two

[formatters]
keys=

[logdial]
disabled=apart,app,js.console,traced

[logger_root]
level=DEBUG
handlers=one

[handler_one]
class=logging.StreamHandler
args=(sys.stdout,)

[handler_two]
class=logging.NullHandler
--- setLastResort
by another last resort
`;

const STDERR = `WARNING:root:3 rows
ERROR:root:caught
Error: why
Level 35:root:any level
No handlers could be found for logger "x"
by the first
`;

Deno.test("functions that Python's users look for work on the thread's own tree", async () => {
  await using program = ChildProgram.deno("tests/fixtures/python_names.ts", { allow: [] });
  await program.ended;
  const { stdout, stderr } = program;
  assertEquals(stdout.lines.join("\n"), STDOUT.trimEnd());
  const withoutStack = stderr.lines.filter((line) => !line.startsWith("    at "));
  assertEquals(withoutStack.join("\n"), STDERR.trimEnd());
});

Deno.test("what makes no loggers or records is refused by name, and a class makes records", () => {
  const none = null as never;
  assertThrows(() => setLoggerClass(none), TypeError, "Cannot make loggers from null: it must");
  const nameless = (() => class {})() as never;
  assertThrows(
    () => setLoggerClass(nameless),
    TypeError,
    "Cannot make loggers from a function: it",
  );
  assertThrows(
    () => setLastResort(nameless),
    TypeError,
    "Cannot use a function as the last resort",
  );
  assertThrows(() => makeLogRecord(none), TypeError, "Cannot make a record of null: it must");
  assertThrows(() => setLogRecordFactory(none), TypeError, "Cannot make records by null: it must");
  // Called as a function it would throw at each record.
  const other = class Other {} as never;
  const told = "Cannot make records from Other: it must extend LogRecord";
  assertThrows(() => setLogRecordFactory(other), TypeError, told);
  class OwnRecord extends LogRecord {}
  const before = getLogRecordFactory();
  setLogRecordFactory(OwnRecord);
  try {
    assertEquals(makeLogRecord({ msg: "x" }) instanceof OwnRecord, true);
  } finally {
    setLogRecordFactory(before);
  }
});

Deno.test("a name that is missing finds no handler: it found the last one without a name", () => {
  const nameless = new NullHandler();
  assertEquals(nameless.name, undefined);
  assertEquals(getHandlerByName(nameless.name as unknown as string), undefined);
});

Deno.test("what console shows of nested objects is captured as deep, and libraries' texts are theirs", () => {
  const value = { a: { b: { c: { d: { e: { f: 1 } } } } } };
  assertEquals(consoleText([value]), Deno.inspect(value));
  assertEquals(consoleText(["%d of", 3, [[[[1]]]]]), `3 of ${Deno.inspect([[[[1]]]])}`);
  assertEquals(nodeText([value]), "{ a: { b: { c: [Object] } } }");
});
