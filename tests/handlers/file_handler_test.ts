import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { buildInScope } from "../../src/core/handlers/build_scope.ts";
import { Formatter } from "../../src/core/formatters/formatter.ts";
import { FileHandler } from "../../src/handlers/files/file_handler.ts";
import { RotatingFileHandler } from "../../src/handlers/files/rotating_file_handler.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { fileUrl } from "../harness/project.ts";
import { replaced } from "../harness/replaced.ts";
import { captureStderr } from "./captured_stderr.ts";
import { inFolder, namesIn } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";

function read(path: string): string {
  return Deno.readTextFileSync(path);
}

Deno.test(
  "a line is in the file when the log call returns",
  inFolder((folder) => {
    const handler = new FileHandler(`${folder}/app.log`);
    handler.setFormatter(new Formatter("%(levelname)s %(message)s"));
    for (const number of [1, 2]) {
      handler.handle(logRecord("line %d", 20, [number]));
      assertEquals(read(`${folder}/app.log`).split("\n").at(-2), `INFO line ${number}`);
    }
    handler.close();
    assertEquals(read(`${folder}/app.log`), "INFO line 1\nINFO line 2\n");
  }),
);

Deno.test(
  "a closed handler opens its file again, unless that would empty it",
  inFolder((folder) => {
    for (const [mode, expected] of [["a", "one\ntwo\n"], ["w", "one\n"]] as const) {
      const path = `${folder}/${mode}.log`;
      const handler = new FileHandler(path, mode);
      handler.handle(logRecord("one"));
      handler.close();
      handler.handle(logRecord("two"));
      handler.close();
      assertEquals(read(path), expected, mode);
    }
  }),
);

Deno.test(
  "with delay the first line makes the file",
  inFolder((folder) => {
    const handler = new FileHandler(`${folder}/app.log`, "a", null, true);
    assertEquals(namesIn(folder), []);
    assertEquals(handler.stream, undefined);
    handler.handle(logRecord("first"));
    assertEquals(read(`${folder}/app.log`), "first\n");
    handler.close();
  }),
);

Deno.test(
  "names are made absolute and normal when the handler is made",
  inFolder((folder) => {
    const before = Deno.cwd();
    Deno.chdir(folder);
    try {
      const real = Deno.cwd();
      const handler = new FileHandler("x/.././app.log", "a", null, true);
      assertEquals(handler.baseFilename, `${real}/app.log`);
      assertEquals(String(handler), `<FileHandler ${real}/app.log (NOTSET)>`);
      const byUrl = new FileHandler(new URL("a%20b.log", fileUrl(`${folder}/`)));
      assertEquals(byUrl.baseFilename, `${folder}/a b.log`);
      byUrl.close();
    } finally {
      Deno.chdir(before);
    }
  }),
);

const REFUSED: readonly [desc: string, args: readonly unknown[], message: RegExp][] = [
  [
    "a folder that is not there",
    ["no/app.log"],
    /"\/.+\/no\/app.log": its folder does not exist/,
  ],
  ["a folder", ["."], /Cannot open log file "\/.+": it is a folder/],
  ["a file for a folder", ["file/app.log"], /app.log": a part of its path is no folder/],
  ["mode r for a file that is not there", ["none", "r"], /none": it does not exist, and mode "r"/],
  ["mode x for a file that is there", ["file", "x"], /file": it exists already/],
  ["an unknown mode", ["app.log", "q"], /mode "q": invalid mode, known are r, w, a and x/],
  ["two modes", ["app.log", "wa"], /mode "wa": it must have exactly one of r, w, a, x/],
  ["bytes with an encoding", ["app.log", "ab", "utf-8"], /in binary mode with an encoding/],
  ["an unknown encoding", ["app.log", "a", "utf-7x"], /encoding "utf-7x": it is not known/],
  ["an encoding that is no string", ["app.log", "a", 8], /encoding 8: it must be a string/],
  ["an unknown mode with delay", ["app.log", "q", null, true], /mode "q": invalid mode/],
  ["no mode with delay", ["app.log", 0, null, true], /mode 0: it must be a string/],
  ["an unknown encoding with delay", ["app.log", "a", "utf-7x", true], /"utf-7x": it is not known/],
  ["errors that are no string with delay", ["app.log", "a", null, true, 8], /errors 8: it must be/],
  ["a name that is no string", [5], /log file 5: its name must be a string/],
  ["a name with NUL", ["a\0b"], /has a NUL in it/],
];

for (const [desc, [name, ...rest], message] of REFUSED) {
  Deno.test(
    `the constructor refuses ${desc}`,
    inFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/file`, "");
      const path = typeof name === "string" ? `${folder}/${name}` : name;
      const Class = FileHandler as new (...args: unknown[]) => FileHandler;
      const error = assertThrows(() => new Class(path, ...rest));
      assertMatch((error as Error).message, message);
      assertEquals(namesIn(folder), ["file"]);
    }),
  );
}

Deno.test(
  "a subclass that opens its file itself may have modes of its own, also with delay",
  inFolder((folder) => {
    class Own extends FileHandler {
      override _open() {
        return { write() {} };
      }
    }
    new Own(`${folder}/app.log`, "own", "own", true).close();
  }),
);

const ROTATING = '{"filename":"/FOLDER/app.log","maxBytes":20,"backupCount":2}';

const PERMISSIONS: readonly [desc: string, args: readonly string[], allow: string[], RegExp][] = [
  [
    "FileHandler without any",
    ["FileHandler", "/FOLDER/app.log"],
    [],
    /^Cannot open log file "(.+)": run with --allow-write=('?)\1\2$/,
  ],
  [
    "FileHandler that reads only, without any",
    ["FileHandler", "/FOLDER/app.log", '"r"'],
    [],
    /^Cannot open log file "(.+)": run with --allow-read=('?)\1\2$/,
  ],
  [
    "FileHandler with a relative name",
    ["FileHandler", "app.log"],
    ["--allow-write=app.log"],
    /^made \/.*\/app.log$/,
  ],
  [
    "RotatingFileHandler that may not read",
    ["RotatingFileHandler", "/FOLDER/app.log", '"a"', "100", "3"],
    ["--allow-write=/FOLDER"],
    /^Cannot log to "(.*)\/app.log": run with --allow-read=('?)\1\2, since renaming a file takes/,
  ],
  [
    "RotatingFileHandler that may neither read nor write",
    ["RotatingFileHandler", "/FOLDER/app.log", '"a"', "100", "3"],
    [],
    /: run with --allow-read=(\S+) --allow-write=\1, since renaming a file takes/,
  ],
  [
    "RotatingFileHandler without rollovers",
    ["RotatingFileHandler", "/FOLDER/app.log", '"a"', "0", "3"],
    ["--allow-write=/FOLDER"],
    /^made /,
  ],
  [
    "TimedRotatingFileHandler that may not read",
    ["TimedRotatingFileHandler", "/FOLDER/app.log"],
    ["--allow-write=/FOLDER"],
    /^Cannot log to "(.*)\/app.log": run with --allow-read=('?)\1\2, since renaming a file takes/,
  ],
  [
    "TimedRotatingFileHandler with its folder's",
    ["TimedRotatingFileHandler", "/FOLDER/app.log"],
    ["--allow-write=/FOLDER", "--allow-read=/FOLDER"],
    /^made /,
  ],
  [
    "a configuration whose RotatingFileHandler may not write its second backup",
    ["logging.handlers.RotatingFileHandler", ROTATING],
    ["--allow-write=/FOLDER/app.log,/FOLDER/app.log.1", "--allow-read=/FOLDER"],
    /^Cannot build handler "out": the program may not, run with --allow-write=\/[^.]+ \(section/,
  ],
  [
    "a configuration whose RotatingFileHandler may write just its backups",
    ["logging.handlers.RotatingFileHandler", ROTATING],
    ["--allow-write=/FOLDER/app.log,/FOLDER/app.log.1,/FOLDER/app.log.2", "--allow-read=/FOLDER"],
    /^made /,
  ],
  [
    "a configuration whose RotatingFileHandler makes no rollovers",
    ["logging.handlers.RotatingFileHandler", '{"filename":"/FOLDER/app.log"}'],
    ["--allow-write=/FOLDER/app.log"],
    /^made /,
  ],
  [
    "a configuration whose TimedRotatingFileHandler may write its file only",
    ["logging.handlers.TimedRotatingFileHandler", '{"filename":"/FOLDER/app.log"}'],
    ["--allow-write=/FOLDER/app.log", "--allow-read=/FOLDER"],
    /^Cannot build handler "out": the program may not, run with --allow-write=\/[^.]+ \(section/,
  ],
  [
    "WatchedFileHandler that may not read",
    ["WatchedFileHandler", "/FOLDER/app.log"],
    ["--allow-write=/FOLDER"],
    /^Cannot log to "(.*)": run with --allow-read=('?)\1\2, since the file is watched$/,
  ],
  [
    "WatchedFileHandler that may neither read nor write",
    ["WatchedFileHandler", "/FOLDER/app.log"],
    [],
    /: run with --allow-read=(\S+) --allow-write=\1, since the file is watched$/,
  ],
  [
    "WatchedFileHandler with its file's",
    ["WatchedFileHandler", "/FOLDER/app.log"],
    ["--allow-write=/FOLDER/app.log", "--allow-read=/FOLDER/app.log"],
    /^made /,
  ],
];

for (const [desc, args, allow, message] of PERMISSIONS) {
  Deno.test(
    `permissions: ${desc}`,
    inFolder(async (folder) => {
      const fill = (texts: readonly string[]) =>
        texts.map((text) => text.replaceAll("/FOLDER", folder));
      await using child = ChildProgram.deno("tests/fixtures/handlers_permissions.ts", {
        args: fill(args),
        allow: fill(allow),
        cwd: folder,
      });
      assertMatch(await child.output(), message);
      assertEquals(child.stderr.lines, []);
      if (!message.source.startsWith("^made")) assertEquals(namesIn(folder), []);
    }),
  );
}

Deno.test(
  "each line is flushed once it is written, and a flush that fails costs no line",
  inFolder(async (folder) => {
    const path = `${folder}/app.log`;
    const flushed: string[] = [];
    class Noting extends FileHandler {
      override flush(): void {
        flushed.push(read(path));
        if (flushed.length === 2) throw new Error("not now");
        if (flushed.length === 3) return Promise.reject(new Error("nor later")) as never;
      }
    }
    class Rotating extends RotatingFileHandler {
      override flush(): void {
        flushed.push("rotating");
      }
    }
    const handler = new Noting(path);
    const told = await captureStderr(async () => {
      for (const text of ["one", "two", "three"]) handler.handle(logRecord(text));
      await Promise.resolve();
    });
    handler.close();
    assertEquals(flushed, ["one\n", "one\ntwo\n", "one\ntwo\nthree\n"]);
    assertEquals(told.match(/^Error: .*$/gm), ["Error: not now", "Error: nor later"]);
    const rotating = new Rotating(path, "a", 100, 1);
    rotating.handle(logRecord("four"));
    rotating.close();
    assertEquals(flushed.at(-1), "rotating");
  }),
);

Deno.test("a line that cannot be formatted or encoded is told, the next is written", async () => {
  const path = Deno.makeTempFileSync();
  try {
    const handler = new FileHandler(path, "a", "ascii");
    const text = await captureStderr(() => {
      handler.handle(logRecord("%d", 20, ["x"]));
      handler.handle(logRecord("é"));
      handler.handle(logRecord("fine"));
    });
    handler.close();
    assertEquals(read(path), "fine\n");
    assertEquals(text.match(/^--- Logging error ---$/gm)?.length, 2);
    assertMatch(text, /'ascii' codec can't encode character '\\xe9' in position 0/);
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test(
  "a refused configuration leaves no file, and empties none",
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/old.log`, "old\n");
    assertThrows(
      () =>
        buildInScope(() => {
          new FileHandler(`${folder}/new.log`);
          new FileHandler(`${folder}/exclusive.log`, "x");
          new FileHandler(`${folder}/old.log`, "w");
          throw new Error("refused");
        }),
      Error,
      "refused",
    );
    assertEquals(namesIn(folder), ["old.log"]);
    assertEquals(read(`${folder}/old.log`), "old\n");
  }),
);

Deno.test(
  "a file is emptied only once the configuration is in force",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    Deno.writeTextFileSync(path, "old\n");
    const { result, scope } = buildInScope(() => new FileHandler(path, "w", "utf-16"));
    assertEquals(read(path), "old\n");
    scope.commit();
    assertEquals(read(path), "");
    result.handle(logRecord("x"));
    result.close();
    assertEquals(Deno.readFileSync(path).toHex(), "fffe78000a00");
  }),
);

Deno.test(
  "a file made for a refused configuration stays if somebody has written to it",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    let other: FileHandler | undefined;
    assertThrows(() =>
      buildInScope(() => {
        new FileHandler(path);
        other = new FileHandler(path);
        other.handle(logRecord("kept"));
        throw new Error("refused");
      })
    );
    assertEquals(read(path), "kept\n");
  }),
);

Deno.test(
  "a line does not go into a file that was taken back before it",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const { scope } = buildInScope(() => new FileHandler(path));
    const other = new FileHandler(path);
    scope.rollback();
    assertEquals(namesIn(folder), []);
    other.handle(logRecord("first"));
    other.handle(logRecord("second"));
    other.close();
    assertEquals(read(path), "first\nsecond\n");
  }),
);

Deno.test("a name that nobody can make absolute is told, and why", () => {
  using _cwd = replaced(Deno, "cwd", () => {
    throw new Deno.errors.NotFound("No such file or directory (os error 2)");
  });
  assertThrows(
    () => new FileHandler("logs/app.log"),
    Deno.errors.NotFound,
    'Cannot find file "logs/app.log": the working folder has been removed, give its whole path',
  );
});

Deno.test("a file whose folder goes before the first line takes lines when that is back", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/logs/app.log`;
    Deno.mkdirSync(`${folder}/logs`);
    const handler = new FileHandler(path);
    Deno.removeSync(`${folder}/logs`, { recursive: true });
    const told = await captureStderr(() => {
      for (const text of ["one", "two"]) handler.handle(logRecord(text));
    });
    assertEquals(told.match(/its folder does not exist$/gm)?.length, 1, told);
    Deno.mkdirSync(`${folder}/logs`);
    const recovered = await captureStderr(() => handler.handle(logRecord("three")));
    assertEquals(recovered, `logdial: ${path} takes lines again; 2 could not be written\n`);
    handler.close();
    assertEquals(read(path), "three\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test(
  "long lines of several handlers stay whole",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const handlers = Array.from({ length: 3 }, () => new FileHandler(path));
    const long = "x".repeat(100_000);
    for (const handler of handlers) handler.handle(logRecord(long));
    for (const handler of handlers) handler.close();
    assertEquals(read(path), `${long}\n`.repeat(3));
  }),
);

Deno.test("devices can be logged to", () => {
  const handler = new FileHandler("/dev/null", "w");
  handler.handle(logRecord("gone"));
  handler.close();
  assert(Deno.statSync("/dev/null").isCharDevice);
});
