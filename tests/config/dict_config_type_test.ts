import { assertEquals } from "@std/assert";
import { importMapFlag, projectPath } from "../harness/project.ts";

Deno.test("deno check refuses what is misspelt in a dict, and takes what programs have", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "check",
      "--quiet",
      ...importMapFlag(),
      projectPath("tests/fixtures/types/dict_config.ts"),
    ],
    env: { NO_COLOR: "1" },
  }).output();
  // Each line that must be refused is expected to be an error there.
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});
