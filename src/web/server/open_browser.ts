import { pathToFileURL } from "node:url";
import { reasonOf } from "../../core/values/thrown.ts";

/** What opens a page, by system. */
const OPENERS: Readonly<Partial<Record<typeof Deno.build.os, readonly string[]>>> = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};

/**
 * Opens an address in the user's browser. All users of a machine see the arguments of all programs,
 * and the address has the token in it: so what is opened is a file that nobody else may read, which
 * leads there.
 *
 * @throws {Error} There is no browser, or the file may not be written or the browser not be run.
 */
export async function openBrowser(address: string): Promise<OpenedPage> {
  const [program, ...args] = OPENERS[Deno.build.os] ?? ["xdg-open"];
  const path = await makeFile(program!);
  const page = new OpenedPage(path);
  try {
    await Deno.writeTextFile(
      path,
      `<!doctype html><meta charset="utf-8"><title>logdial</title>` +
        `<meta http-equiv="refresh" content="0; url=${address}"><a href="${address}">logdial</a>\n`,
    );
    const opener = new Deno.Command(program!, {
      args: [...args, pathToFileURL(path).href],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    // The opener may be the browser itself, which is not to end with the command.
    opener.unref();
    return page;
  } catch (error) {
    await page[Symbol.asyncDispose]();
    throw error instanceof Deno.errors.NotCapable ? await needs(program!, []) : error;
  }
}

async function makeFile(program: string): Promise<string> {
  try {
    return await Deno.makeTempFile({ prefix: "logdial-", suffix: ".html" });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) {
      const reason = reasonOf(error).replace(/: tmpfile$/, "");
      throw new Error(`no temporary file can be made, name another folder by TMPDIR: ${reason}`);
    }
    throw await needs(program, ["--allow-write of the folder for temporary files"]);
  }
}

/** The error that names all flags that are missing, so that nobody has to find them one by one. */
async function needs(program: string, flags: readonly string[]): Promise<Error> {
  const { state } = await Deno.permissions.query({ name: "run", command: program });
  const all = state === "granted" ? flags : [`--allow-run=${program}`, ...flags];
  return new Deno.errors.NotCapable(`run with ${all.join(" and ")}`);
}

/** The file that leads to the page. */
export class OpenedPage implements AsyncDisposable {
  readonly #path: string;

  /** Takes the path of a file that has been written. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Removes it, unless it has gone: systems clean up their temporary files. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await Deno.remove(this.#path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
