import { assertEquals } from "@std/assert";
import { WatchedFileHandler } from "../../src/handlers/files/watched_file_handler.ts";
import { inFolder, namesIn } from "./in_folder.ts";
import { logRecord } from "./log_record.ts";

Deno.test(
  "a file that was renamed or removed is made anew",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const handler = new WatchedFileHandler(path);
    handler.handle(logRecord("one"));
    Deno.renameSync(path, `${folder}/app.log.1`);
    handler.handle(logRecord("two"));
    Deno.removeSync(path);
    handler.handle(logRecord("three"));
    handler.close();
    assertEquals(Deno.readTextFileSync(`${folder}/app.log.1`), "one\n");
    assertEquals(Deno.readTextFileSync(path), "three\n");
  }),
);

Deno.test(
  "a handler that is used after it was closed keeps what it writes to a new file",
  inFolder((folder) => {
    const path = `${folder}/app.log`;
    const handler = new WatchedFileHandler(path, "w+");
    handler.handle(logRecord("one"));
    handler.close();
    Deno.renameSync(path, `${folder}/app.log.1`);
    handler.handle(logRecord("two"));
    handler.handle(logRecord("three"));
    handler.close();
    assertEquals(Deno.readTextFileSync(path), "two\nthree\n");
    assertEquals(Deno.readTextFileSync(`${folder}/app.log.1`), "one\n");
  }),
);

Deno.test(
  "logrotate may put the file aside, with and without making a new one",
  inFolder(async (folder) => {
    for (const create of ["create 0600", "nocreate"]) {
      const path = `${folder}/${create.slice(0, 2)}/app.log`;
      Deno.mkdirSync(path.slice(0, -"/app.log".length));
      const handler = new WatchedFileHandler(path);
      const config = `${folder}/logrotate.conf`;
      Deno.writeTextFileSync(config, `"${path}" {\n rotate 5\n ${create}\n}\n`, { mode: 0o600 });
      for (let round = 1; round <= 3; round++) {
        handler.handle(logRecord(`round ${round}`));
        if (!await rotate(config, `${folder}/state`)) return;
      }
      handler.handle(logRecord("last"));
      handler.close();
      const folderOfFile = path.slice(0, -"/app.log".length);
      assertEquals(namesIn(folderOfFile), ["app.log", "app.log.1", "app.log.2", "app.log.3"]);
      assertEquals(Deno.readTextFileSync(path), "last\n");
      assertEquals(Deno.readTextFileSync(`${path}.1`), "round 3\n");
      assertEquals(Deno.readTextFileSync(`${path}.3`), "round 1\n");
    }
  }),
);

async function rotate(config: string, state: string): Promise<boolean> {
  for (const program of ["logrotate", "/usr/sbin/logrotate"]) {
    try {
      const { success, stderr } = await new Deno.Command(program, {
        args: ["--force", "--state", state, config],
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      return true;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  console.log("skipped: no logrotate");
  return false;
}
