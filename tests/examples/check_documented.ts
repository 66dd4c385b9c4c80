/**
 * Checks the types of all programs that are documented, for `deno task verify`: one check for all,
 * since each would read the types of Deno and of the package anew.
 *
 * @module
 */
import { projectPath } from "../harness/project.ts";
import { Documented } from "./documented.ts";

await using documented = await Documented.write();
// Each line of it that must be refused is expected to be an error there.
const dicts = projectPath("tests/fixtures/types/dict_config.ts");
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["check", "-q", ...documented.config, documented.folder, dicts],
  stdout: "inherit",
  stderr: "inherit",
}).output();
Deno.exitCode = code;
