import { assertEquals } from "@std/assert";
import { EXPORTED_SOURCES } from "../deps/package_entries.ts";
import { importFlags } from "./harness/project.ts";
import { findCircle, findUpward, LAYERS, readImports } from "./import_order.ts";

const FLAGS = importFlags();

Deno.test("imports go down the layers and never in a circle", async () => {
  const imports = await readImports(EXPORTED_SOURCES, FLAGS);
  assertEquals(findUpward(imports), []);
  assertEquals(findCircle(imports), undefined);
});

Deno.test("the page on the rooms has each of them, in their order", async () => {
  const page = await Deno.readTextFile(new URL("../src/README.md", import.meta.url));
  const [table] = page.match(/(?<=^## Rooms$)[^]*?(?=^`tests)/m)!;
  const told = table.match(/^\| `.*?(?= \|)/gm)!.flatMap((cell) =>
    cell.match(/(?<=`)[\w/…]+(?=`)/g)!
  );
  // Folders that hold rooms, and what users import themselves, are no rooms.
  const others = ["config", "hub", "cli", ""];
  const rooms = LAYERS.map((layer) => layer.replace(/^src\/|\/$/g, ""))
    .map((layer) => layer.replace(/\/$/, "").replace(/^handlers(\/.*)?$/, "handlers/…"))
    .filter((room) => !others.includes(room) && !["workers", "mod.ts"].includes(room));
  assertEquals(told, [...new Set(rooms)]);
});

Deno.test("an upward import and a circle would be found", () => {
  const upward = new Map([["src/core/levels/levels.ts", ["src/hub/server/hub.ts"]], [
    "src/hub/server/hub.ts",
    [],
  ]]);
  assertEquals(findUpward(upward), [
    "src/core/levels/levels.ts imports src/hub/server/hub.ts, a higher layer",
  ]);
  const circle = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]);
  assertEquals(findCircle(circle), "b → c → b");
});

Deno.test("the core loads nothing of listening, of config files, or of logging.handlers", async () => {
  const loaded = [...(await readImports(["src/core.ts"], FLAGS)).keys()];
  const rest = loaded.filter((file) => !file.startsWith("src/core"));
  assertEquals(rest.filter((file) => !file.startsWith("src/handlers/")), [
    "src/config/basic_config.ts",
    "src/config/root_functions.ts",
  ]);
  assertEquals(rest.filter((file) => file.endsWith("_handler.ts")).sort(), [
    "src/handlers/files/file_handler.ts",
    "src/handlers/null_handler.ts",
    "src/handlers/stream_handler.ts",
  ]);
});
