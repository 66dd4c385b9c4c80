import { PROJECT, projectPath } from "../harness/project.ts";

/** All that is on its PATH: Node.js, a shell, and what every system has. */
const PROGRAMS = [
  ...["node", "npm", "npx", "sh", "bash", "env"],
  ...["basename", "cat", "chmod", "cp", "dirname", "grep", "head", "id", "kill", "ln", "ls"],
  ...["mkdir", "mkfifo", "mv", "readlink", "rm", "sed", "sleep", "stat", "tail", "true", "uname"],
];

/** Where to find the registries, and how to get there, is the machine's and no test's affair. */
const NETWORK =
  /^(?:(?:https?|no|all)_proxy|npm_config_registry|jsr_url|node_extra_ca_certs|ssl_cert_(?:file|dir)|deno_(?:cert|tls_ca_store))$/i;

/** `nobody` of every Linux. */
const NOBODY = 65_534;

/**
 * A copy of the project as on a machine of somebody else, that has Node.js and no more: in a
 * folder whose name has to be quoted and encoded, for another user, whose caches are empty.
 */
export class BareMachine implements AsyncDisposable {
  /** The copy of the project. */
  readonly project: string;
  /** What differs from this machine, in words. */
  readonly conditions: readonly string[];
  readonly #root: string;
  readonly #user: { readonly uid?: number; readonly gid?: number };
  #homes = 0;
  #running: number | undefined;

  private constructor(root: string, isRoot: boolean) {
    this.#root = root;
    this.project = `${root}/dir ü`;
    this.#user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    this.conditions = [
      `in "${this.project}"`,
      isRoot ? "as nobody" : "as the same user, since only root can become another one",
      "with cold caches of npm and Deno",
      `with nothing on PATH but ${PROGRAMS.join(", ")}`,
      "with TERM=dumb and LANG=C",
    ];
  }

  /** Makes it. */
  static async make(): Promise<BareMachine> {
    const root = await Deno.makeTempDir({ prefix: "logdial_bare_" });
    const machine = new BareMachine(root, Deno.uid() === 0);
    try {
      for (const folder of [`${root}/bin`, `${root}/tmp`, machine.project]) {
        await Deno.mkdir(folder);
      }
      for (const program of PROGRAMS) await linkProgram(program, `${root}/bin`);
      await copyProject(machine.project);
      await machine.#own(root);
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts a program with caches of its own, leader of a process group as in a terminal. */
  async start(program: string, args: readonly string[], stdout: "piped" | "inherit") {
    const home = `${this.#root}/home ${++this.#homes}`;
    await Deno.mkdir(home);
    await this.#own(home);
    const network = Object.entries(Deno.env.toObject()).filter(([name]) => NETWORK.test(name));
    const child = new Deno.Command(`${this.#root}/bin/${program}`, {
      args: [...args],
      cwd: this.project,
      clearEnv: true,
      env: {
        ...Object.fromEntries(network),
        PATH: `${this.#root}/bin`,
        HOME: home,
        TMPDIR: `${this.#root}/tmp`,
        TERM: "dumb",
        LANG: "C",
      },
      detached: true,
      stdin: "null",
      stdout,
      stderr: "inherit",
      ...this.#user,
    }).spawn();
    this.#running = child.pid;
    void child.status.then(() => this.#running = undefined);
    return child;
  }

  /** Presses Ctrl-C: a terminal sends it to all processes of what runs. */
  interrupt(): void {
    if (this.#running !== undefined) Deno.kill(-this.#running, "SIGINT");
  }

  /** What the programs have left in the folder for temporary files. */
  leftovers(): string[] {
    return [...Deno.readDirSync(`${this.#root}/tmp`)].map(({ name }) => name);
  }

  /** Removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#root, { recursive: true });
  }

  /** Gives a folder and all in it to the user. */
  async #own(path: string): Promise<void> {
    const { uid, gid } = this.#user;
    if (uid === undefined || gid === undefined) return;
    await Deno.chown(path, uid, gid);
    for await (const { name, isDirectory, isSymlink } of Deno.readDir(path)) {
      const inner = `${path}/${name}`;
      if (isDirectory) await this.#own(inner);
      else if (!isSymlink) await Deno.chown(inner, uid, gid);
    }
  }
}

/** What looking for a program in a folder of PATH may come to. */
const NOT_THERE = [
  Deno.errors.NotFound,
  Deno.errors.NotADirectory,
  // A folder of another user's.
  Deno.errors.PermissionDenied,
];

/** Programs are found by links: the folders that they are in hold others as well. */
async function linkProgram(program: string, folder: string): Promise<void> {
  for (const place of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${place}/${program}`;
    try {
      if (!(await Deno.stat(path)).isFile) continue;
    } catch (error) {
      if (NOT_THERE.some((type) => error instanceof type)) continue;
      throw error;
    }
    // To the program itself, since a link to a link may lead around.
    return await Deno.symlink(await Deno.realPath(path), `${folder}/${program}`);
  }
}

/** Copies the files of the project, without what Git would ignore, and without Git. */
async function copyProject(target: string): Promise<void> {
  const ignored = (await Deno.readTextFile(new URL(".gitignore", PROJECT))).split("\n")
    .filter((line) => line !== "").map((line) => line.replace(/^\/|\/$/g, ""));
  await copyFolder("", target, new Set([...ignored, ".git"]));
}

async function copyFolder(folder: string, target: string, ignored: Set<string>): Promise<void> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(projectPath(`./${folder}`))) {
    const path = folder + name;
    if (ignored.has(path)) continue;
    if (isFile) await Deno.copyFile(projectPath(path), `${target}/${path}`);
    if (!isDirectory) continue;
    await Deno.mkdir(`${target}/${path}`);
    await copyFolder(`${path}/`, target, ignored);
  }
}
