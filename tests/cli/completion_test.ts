import { assert, assertEquals } from "@std/assert";
import { set } from "../../src/client/commands.ts";
import { complete } from "../../src/cli/complete.ts";
import { splitLine } from "../../src/cli/arguments/split_line.ts";
import { ChildProgram } from "../harness/child_program.ts";
import { OperatorProgram } from "../harness/operator_program.ts";
import { PortBlock } from "../harness/port_block.ts";
import { importFlags } from "../harness/project.ts";
import { runCommand } from "../harness/run_command.ts";

Deno.test("a line is cut into words as a shell does", () => {
  const cases: [line: string, words: string[]][] = [
    ["", [""]],
    ["logdial  set ", ["logdial", "set", ""]],
    ["logdial tail --name 'Logging W", ["logdial", "tail", "--name", "Logging W"]],
    ['a "b \\" c"d', ["a", 'b " cd']],
    ["a\\ b 'c\\'d", ["a b", "c\\d"]],
  ];
  for (const [line, words] of cases) assertEquals(splitLine(line), words, line);
});

Deno.test("completions know the options of each command, levels, loggers and threads", async (t) => {
  await using program = new OperatorProgram({ options: { app: "shop" } });
  await program.start("Worker #1");
  const ports = program.ports.range, at = `--ports ${program.ports.text}`;
  await set({ "app.db": "ERROR", api: "ERROR" }, { ports });
  const { port, pid } = (await program.status()).get("Worker #1")!;
  const cases: [line: string, found: string[]][] = [
    ["logdial ro", ["rollback"]],
    ["logdial help se", ["set", "send"]],
    ["logdial --", ["--help", "--version"]],
    ["logdial nosuch --", []],
    [`logdial set ${at} a`, ["api=", "app.db="]],
    [`logdial set api=DEBUG ${at} a`, ["app.db="]],
    [`logdial set ${at} app.db=W`, ["app.db=WARN", "app.db=WARNING"]],
    ["logdial set root=cr", ["root=CRITICAL"]],
    [`logdial why ${at} app`, ["app.db"]],
    [`logdial why ${at} app.db I`, ["INFO"]],
    [`logdial tail ${at} --logger ap`, ["api", "app.db"]],
    ["logdial tail --level E", ["ERROR"]],
    [`logdial status ${at} --name W`, ["Worker #1"]],
    [`logdial status ${at} --name=W`, ["--name=Worker #1"]],
    [`logdial get ${at} --app s`, ["shop"]],
    [`logdial get ${at} --pid `, [String(pid)]],
    [`logdial get --port ${port} --pid `, [String(pid)]],
    ["logdial send e", ["error", ":files"]],
    ["logdial send error.conf ", []],
    ["logdial completions ", ["bash", "zsh", "fish"]],
    ["logdial set root=DEBUG --for 9", ["90s"]],
    // No option is offered that the command would refuse.
    ["logdial status --port 9001 --por", []],
    ["logdial set --no-handlers --op", []],
    ["logdial set --open mail --op", ["--open"]],
    ["logdial rollback --f", []],
    ["logdial check --", ["--unknown-class", "--default", "--json", "--help"]],
    ["logdial completions bash --", ["--help"]],
  ];
  for (const [line, found] of cases) {
    await t.step(line, async () => assertEquals(await complete([line]), found));
  }

  await t.step("each option that is offered is taken", async () => {
    for (const command of ["send", "set", "status", "tail", "history", "rollback", "reset"]) {
      for (const option of await complete([`logdial ${command} --`])) {
        const { stderr } = await runCommand([command, option, "--help"]);
        assert(!stderr.includes("Unknown option"), `${command} ${option}: ${stderr}`);
      }
    }
  });

  const script = await runCommand(["completions", "bash"]);
  await t.step("bash takes it over, with what it makes of blanks, quotes and =", async () => {
    const cli = [Deno.execPath(), "run", "-q", "-A", ...importFlags(), "src/cli/main.ts"];
    const tries = [
      [`logdial set ${at} app.db=DE`, "logdial set --ports x app.db = DE"],
      [`logdial status ${at} --name Wo`, "logdial status --ports x --name Wo"],
      [
        `logdial status ${at} --name='Worker #`,
        `logdial status --ports x --name = "'Worker #"`,
      ],
      [
        `logdial status ${at} --name=Worker\\\\ `,
        `logdial status --ports x --name = 'Worker\\ '`,
      ],
      ["logdial send examp", "logdial send examp"],
    ];
    const ask = tries.map(([line, words]) =>
      `COMP_LINE="${line}" COMP_POINT=\${#COMP_LINE} COMP_WORDS=(${words}) COMPREPLY=()
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _logdial; printf '%s\\n' "\${COMPREPLY[@]}"`
    );
    const command = `logdial() { ${cli.map((word) => `'${word}'`).join(" ")} "$@"; }`;
    const args = ["-c", [script.stdout, command, ...ask].join("\n")];
    await using bash = ChildProgram.run("bash", args, { env: { LC_ALL: "C" } });
    assertEquals(
      await bash.output(),
      [
        "DEBUG",
        "Worker\\ #1",
        "Worker #1",
        "Worker\\ #1",
        "examples",
      ].join("\n"),
    );
  });
});

Deno.test("zsh completes at the first Tab, and levels in small letters", async () => {
  if (!await isOnPath("zsh")) {
    console.log("skipped: zsh is not on PATH (apt-get install zsh)");
    return;
  }
  const folder = await Deno.makeTempDir();
  try {
    const { stdout } = await runCommand(["completions", "zsh"]);
    await Deno.writeTextFile(`${folder}/_logdial`, stdout);
    // As zsh's own completion calls it, without the terminal that needs.
    const lines = [
      `fpath=(${folder}); autoload -U _logdial; PREFIX=root=d`,
      `compadd() { print -r -- "$@"; }; logdial() { print root=DEBUG; }`,
      "words=(logdial set root=d); CURRENT=3; _logdial; _logdial",
      `compdef() { print -r -- compdef "$@"; }; source ${folder}/_logdial`,
    ];
    await using zsh = ChildProgram.run("zsh", ["-f", "-c", lines.join("\n")]);
    const added = "-M m:{a-z}={A-Z} -- root=DEBUG\n";
    assertEquals(await zsh.output(), `${added}${added}compdef _logdial logdial`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("where nobody listens, completions know what does not depend on it", async () => {
  using ports = PortBlock.claim(1);
  assertEquals(await complete([`logdial set --ports ${ports.text} `]), ["root="]);
  assertEquals(await complete([`logdial get --ports ${ports.text} --name `]), []);
  assertEquals(await complete([`logdial get --ports nonsense --name `]), []);
});

async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    if (await Deno.stat(`${folder}/${program}`).then(({ isFile }) => isFile, () => false)) {
      return true;
    }
  }
  return false;
}
