import { assert, assertEquals } from "@std/assert";
import { COMMAND_LIST } from "../../src/cli/commands/command_list.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { logdial } from "../harness/command_line.ts";
import { PROJECT } from "../harness/project.ts";

const COMMANDS = COMMAND_LIST.map(({ name }) => name);

Deno.test("every command tells its usage, with examples", async () => {
  const all = await Promise.all(COMMANDS.map((name) => logdial([name, "--help"], { allow: [] })));
  for (const [index, { code, stdout, stderr }] of all.entries()) {
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.includes(`\nUsage: logdial ${COMMANDS[index]}`), stdout);
    assert(stdout.includes(`\nExamples:\n  `), stdout);
    assert(/\nExit status:\n( {2}\d {2}.+\n)+/.test(stdout), stdout);
    for (const line of stdout.split("\n")) assert(line.length <= 80, line);
  }
  const { stdout } = await logdial(["help"], { allow: [] });
  for (const name of COMMANDS) assert(stdout.includes(`\n  ${name} `), name);
});

Deno.test("every command is a task of the same name", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", PROJECT))) as {
    tasks: Record<string, { command: string }>;
  };
  const { stdout } = await logdial(["help"], { allow: [] });
  const commands = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name!);
  assertEquals(commands.length, COMMANDS.length);
  for (const name of commands) {
    const { command } = tasks[name]!;
    assert(command.endsWith(` src/cli/main.ts ${name}`), command);
  }
});

/** Shells complain of a locale that the machine does not have. */
const LOCALE = { env: { LC_ALL: "C" } };

Deno.test("completions are scripts that their shells can read", async (t) => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await logdial(["completions", shell], { allow: [] });
    assertEquals(code, 0);
    for (const name of COMMANDS) assert(stdout.includes(name), name);
    await t.step({
      name: `${shell} -n`,
      ignore: !isInstalled(shell),
      fn: async () => {
        await using reader = ChildProgram.run(shell, ["-n", "-c", stdout], LOCALE);
        await reader.output();
        assertEquals(reader.stderr.lines, []);
      },
    });
  }
  await t.step("bash completes", async () => {
    const { stdout } = await logdial(["completions", "bash"], { allow: [] });
    const ask =
      `${stdout}\nCOMP_WORDS=(logdial ro) COMP_CWORD=1; _logdial; echo "\${COMPREPLY[@]}"`;
    await using bash = ChildProgram.run("bash", ["-c", ask], LOCALE);
    assertEquals(await bash.output(), "rollback");
  });
  assertEquals((await logdial(["completions", "csh"], { allow: [] })).code, 2);
});

function isInstalled(program: string): boolean {
  try {
    return new Deno.Command(program, { args: ["-c", ":"] }).outputSync().success;
  } catch {
    return false;
  }
}
