import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { buildInScope } from "../../src/core/handlers/build_scope.ts";
import { RotatingFileHandler } from "../../src/handlers/files/rotating_file_handler.ts";
import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
import { captureStderr } from "./captured_stderr.ts";
import { inFolder, namesIn } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    namesIn(folder).map((name) => [name, Deno.readTextFileSync(`${folder}/${name}`)]),
  );
}

Deno.test(
  "a line counts its characters, as in CPython, not its bytes",
  inFolder((folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 10, 1);
    // 4 + 5 < 10, although it takes 4 + 9 bytes.
    for (const text of ["abc", "é😀éé", "x"]) handler.handle(logRecord(text));
    handler.close();
    assertEquals(contents(folder), { "app.log": "x\n", "app.log.1": "abc\né😀éé\n" });
  }),
);

Deno.test(
  "the end of a line counts as one character, as in CPython, also where the terminator is empty",
  inFolder((folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 6, 1);
    handler.terminator = "";
    // 2 + 3 + 1 = 6
    for (const text of ["ab", "cde"]) handler.handle(logRecord(text));
    handler.close();
    assertEquals(contents(folder), { "app.log": "cde", "app.log.1": "ab" });
  }),
);

Deno.test(
  "namer and rotator say what becomes of a full file",
  inFolder((folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 8, 2);
    handler.namer = (name) => `${name}.old`;
    handler.rotator = (source, dest) => {
      Deno.writeTextFileSync(dest, Deno.readTextFileSync(source).toUpperCase());
      Deno.removeSync(source);
    };
    for (const text of ["one", "two", "three", "four"]) handler.handle(logRecord(text));
    handler.close();
    assertEquals(contents(folder), {
      "app.log": "four\n",
      "app.log.1.old": "THREE\n",
      "app.log.2.old": "TWO\n",
    });
  }),
);

Deno.test(
  "a class may say itself when a file is put aside, whatever its length",
  inFolder((folder) => {
    class ByLines extends RotatingFileHandler {
      lines = 0;
      override shouldRollover(): boolean {
        return this.lines++ % 2 === 0 && this.lines > 1;
      }
    }
    const handler = new ByLines(`${folder}/app.log`, "a", 0, 3);
    for (const text of ["one", "two", "three", "four", "five"]) handler.handle(logRecord(text));
    handler.close();
    assertEquals(contents(folder), {
      "app.log": "five\n",
      "app.log.1": "three\nfour\n",
      "app.log.2": "one\ntwo\n",
    });
  }),
);

Deno.test(
  "who logs from a rotator or a filter does not wait for itself",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const [handler, other] = [1, 2].map(() => new RotatingFileHandler(path, "a", 20, 5));
    handler!.rotator = (source, dest) => {
      other!.handle(logRecord("from other"));
      handler!.handle(logRecord("from own"));
      Deno.renameSync(source, dest);
    };
    for (const text of ["first line", "second line", "third line"]) {
      handler!.handle(logRecord(text));
    }
    handler!.close();
    other!.close();
    const lines = Object.values(contents(folder)).join("").split("\n").slice(0, -1);
    assertEquals(
      [...new Set(lines)].sort(),
      ["first line", "from other", "from own", "second line", "third line"],
    );
  }),
);

Deno.test(
  "a rollover that fails is told once until one succeeds, and the lines go on",
  inFolder(async (folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 10, 1);
    const fail = handler.rotator = () => {
      throw new Error("no room aside");
    };
    const lines = ["12345678", "2", "3", "4"];
    const text = await captureStderr(() => {
      for (const line of lines) handler.handle(logRecord(line));
    });
    assertEquals(contents(folder), { "app.log": `${lines.join("\n")}\n` });
    assertEquals(text.match(/^Error: no room aside$/gm)?.length, 1);
    handler.rotator = undefined;
    handler.handle(logRecord("5"));
    assertEquals(contents(folder), { "app.log": "5\n", "app.log.1": `${lines.join("\n")}\n` });
    handler.rotator = fail;
    const again = await captureStderr(() => handler.handle(logRecord("12345678")));
    handler.close();
    assertEquals(again.match(/^Error: no room aside$/gm)?.length, 1);
  }),
);

Deno.test(
  "a file that somebody else has put aside is followed",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const handler = new RotatingFileHandler(path, "a", 1000, 3);
    handler.handle(logRecord("one"));
    Deno.renameSync(path, `${folder}/moved`);
    handler.handle(logRecord("two"));
    Deno.removeSync(path);
    handler.handle(logRecord("three"));
    handler.close();
    assertEquals(contents(folder), { "app.log": "three\n", moved: "one\n" });
  }),
);

Deno.test(
  "doRollover may be called by the program",
  inFolder((folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 0, 2, null, true);
    handler.doRollover();
    assertEquals(namesIn(folder), []);
    handler.handle(logRecord("one"));
    handler.doRollover();
    handler.handle(logRecord("two"));
    handler.doRollover();
    handler.close();
    assertEquals(contents(folder), { "app.log.1": "two\n", "app.log.2": "one\n" });
  }),
);

Deno.test(
  "a device is never put aside",
  inFolder((folder) => {
    Deno.symlinkSync("/dev/null", `${folder}/app.log`);
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 10, 3);
    for (let count = 0; count < 5; count++) handler.handle(logRecord("a long line"));
    handler.close();
    assertEquals(namesIn(folder), ["app.log"]);
  }),
);

Deno.test(
  "a refused configuration leaves no file",
  inFolder((folder) => {
    assertThrows(() =>
      buildInScope(() => {
        new RotatingFileHandler(`${folder}/app.log`, "w", 100, 3);
        throw new Error("refused");
      })
    );
    assertEquals(namesIn(folder), []);
  }),
);

Deno.test(
  "a size or a number of backups that is no number is refused before a file is made",
  inFolder((folder) => {
    const text = "5" as unknown as number;
    const make = (maxBytes: number, backupCount: number) => () =>
      new RotatingFileHandler(`${folder}/a`, "a", maxBytes, backupCount);
    assertThrows(make(text, 0), TypeError, 'Cannot use maxBytes "5": it must be a number');
    assertThrows(make(5, text), TypeError, 'Cannot use backupCount "5": it must be a number');
    assertEquals(namesIn(folder), []);
  }),
);

Deno.test(
  "namer and rotator may be methods of a subclass, or its fields",
  inFolder((folder) => {
    class WithMethods extends RotatingFileHandler {
      override namer(defaultName: string): string {
        return defaultName + this.#end;
      }
      override rotator(source: string, dest: string): void {
        Deno.renameSync(source, `${dest}.moved`);
      }
      readonly #end = ".old";
    }
    class WithFields extends TimedRotatingFileHandler {
      override namer = (name: string) => `${name}.old`;
      override rotator = (source: string, dest: string) => Deno.renameSync(source, `${dest}.moved`);
    }
    const bySize = new WithMethods(`${folder}/size.log`, "a", 1, 2);
    for (const text of ["one", "two"]) bySize.handle(logRecord(text));
    bySize.close();
    const byTime = new WithFields(`${folder}/time.log`, "D", 1, 0, null, false, true);
    byTime.handle(logRecord("one"));
    byTime.rolloverAt = Date.UTC(2024, 4, 2) / 1000;
    byTime.handle(logRecord("two"));
    byTime.close();
    assertEquals(contents(folder), {
      "size.log": "two\n",
      "size.log.1.old.moved": "one\n",
      "time.log": "two\n",
      "time.log.2024-05-01.old.moved": "one\n",
    });
  }),
);

Deno.test(
  "an empty file is never put aside, however long the line",
  inFolder((folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 10, 3);
    for (const text of ["a line of more than ten", "b", "c"]) handler.handle(logRecord(text));
    handler.close();
    assertEquals(contents(folder), {
      "app.log": "b\nc\n",
      "app.log.1": "a line of more than ten\n",
    });
  }),
);

Deno.test(
  "a number of backups beyond all measure costs no more than those that there are",
  inFolder((folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 1, Number.MAX_SAFE_INTEGER);
    for (let line = 0; line < 5; line++) handler.handle(logRecord(`${line}`));
    assertEquals(contents(folder), {
      "app.log": "4\n",
      ...{ "app.log.1": "3\n", "app.log.2": "2\n", "app.log.3": "1\n", "app.log.4": "0\n" },
    });
    // A name for all of them.
    handler.namer = () => `${folder}/app.log.old`;
    for (let line = 5; line < 8; line++) handler.handle(logRecord(`${line}`));
    handler.close();
    assertEquals(contents(folder)["app.log.old"], "6\n");
  }),
);

Deno.test(
  "a folder with a backup's name is neither moved nor removed",
  inFolder(async (folder) => {
    Deno.mkdirSync(`${folder}/app.log.1`);
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 1, 3);
    const text = await captureStderr(() => {
      for (let line = 0; line < 3; line++) handler.handle(logRecord(`${line}`));
    });
    handler.close();
    assertMatch(text, /IsADirectory: Cannot remove backup ".*app\.log\.1": it is a folder/);
    assertEquals(Deno.readTextFileSync(`${folder}/app.log`), "0\n1\n2\n");
    assertEquals(namesIn(folder), ["app.log", "app.log.1"]);
  }),
);
