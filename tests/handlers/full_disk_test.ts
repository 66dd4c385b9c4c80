import { assert, assertEquals, assertMatch } from "@std/assert";
import { FileHandler } from "../../src/handlers/files/file_handler.ts";
import { RotatingFileHandler } from "../../src/handlers/files/rotating_file_handler.ts";
import { fillDisk, onSmallDisk } from "../harness/small_disk.ts";
import { captureStderr } from "./captured_stderr.ts";
import { namesIn } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";

Deno.test("a full disk is told once, and so is its recovery", async () => {
  await onSmallDisk(async (folder) => {
    const path = `${folder}/app.log`;
    const handler = new FileHandler(path);
    const line = "x".repeat(999);
    handler.handle(logRecord(line));
    fillDisk(folder);
    const full = await captureStderr(() => {
      for (let count = 0; count < 50; count++) handler.handle(logRecord(line));
    });
    assertEquals(full.match(/^--- Logging error ---$/gm)?.length, 1, full);
    assertMatch(full, /^.*No space left on device/m);
    assertMatch(full, /File "\/src\/main.ts", line 7, in run/);

    Deno.removeSync(`${folder}/ballast`);
    const recovered = await captureStderr(() => {
      for (let count = 0; count < 3; count++) handler.handle(logRecord("after"));
    });
    assertMatch(
      recovered,
      /^logdial: \/.+\/app.log takes lines again; \d+ could not be written\n$/,
    );
    handler.close();
    const lines = Deno.readTextFileSync(path).split("\n").slice(0, -1);
    const lost = Number(/(\d+) could not/.exec(recovered)![1]);
    // The one that was torn has been finished.
    assertEquals(lines.filter((text) => text === line).length, 51 - lost);
    assertEquals(lines.slice(-3), ["after", "after", "after"]);
    assertEquals(new Set(lines).size, 2);
    assert(lost > 0 && lost <= 50, `${lost} lost`);
  });
});

Deno.test("each outage is told", async () => {
  await onSmallDisk(async (folder) => {
    const handler = new FileHandler(`${folder}/app.log`);
    const text = await captureStderr(() => {
      for (let round = 0; round < 3; round++) {
        fillDisk(folder);
        for (let count = 0; count < 10; count++) handler.handle(logRecord("x".repeat(5000)));
        Deno.removeSync(`${folder}/ballast`);
        handler.handle(logRecord("fine"));
      }
    });
    handler.close();
    assertEquals(text.match(/No space left/g)?.length, 3);
    assertEquals(text.match(/takes lines again/g)?.length, 3);
  });
});

Deno.test("after an outage a file rolls over as before", async () => {
  await onSmallDisk(async (folder) => {
    const handler = new RotatingFileHandler(`${folder}/app.log`, "a", 4000, 2);
    const log = (from: number, to: number) => {
      for (let count = from; count < to; count++) {
        handler.handle(logRecord(`${count} `.padEnd(399, "x")));
      }
    };
    log(100, 115);
    fillDisk(folder);
    const text = await captureStderr(() => log(115, 140));
    assertEquals(text.match(/--- Logging error ---/g)?.length, 1, text);
    Deno.removeSync(`${folder}/ballast`);
    assertMatch(await captureStderr(() => log(140, 200)), /^logdial: .* takes lines again;.*\n$/);
    handler.close();
    assertEquals(namesIn(folder), ["app.log", "app.log.1", "app.log.2"]);
    const newest = Deno.readTextFileSync(`${folder}/app.log`).split("\n").at(-2)!;
    assertEquals(newest.slice(0, 4), "199 ");
    assert(Deno.statSync(`${folder}/app.log.1`).size < 4000);
  });
});

Deno.test("a disk that stays full is told once", async () => {
  const handler = new FileHandler("/dev/full");
  const text = await captureStderr(() => {
    for (let count = 0; count < 100; count++) handler.handle(logRecord("lost"));
  });
  assertEquals(text.match(/No space left/g)?.length, 1);
  handler.close();
});
