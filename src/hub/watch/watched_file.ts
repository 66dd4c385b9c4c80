import { reasonOf } from "../../core/values/thrown.ts";
import { mayAccess, permissionFlag } from "../../core/io/permission_flag.ts";
import { splitPath } from "../../handlers/files/absolute_path.ts";
import { pause } from "../../core/runtime/pause.ts";

/** The file is read when its folder has been quiet for so long, or is busy for so long, in ms. */
const QUIET_MS = 50, MOST_QUIET_MS = 1000;
/** How often the file is read without any event, and how often where there are no events, in ms. */
const POLL_MS = 5000, DEAF_POLL_MS = 1000;

/** What is seen of a file: its text, or why there is none. */
export interface Sight {
  readonly text?: string;
  readonly trouble?: string;
}

/** How a file is watched. */
export interface WatchOptions {
  /** Longest that it may be. */
  readonly maxBytes: number;
  /** Whether the system is asked for events, which keep a thread of the program's own alive. */
  readonly usesEvents: boolean;
  /** How often it is read without any event, in milliseconds. @default 5000 */
  readonly pollEvery?: number;
}

/**
 * A file that is read again whenever it may have changed.
 *
 * Events only say when to look: those of the folder, since an editor puts another file in place of
 * the old one, and a ConfigMap another folder in place of the one that a symbolic link on the way
 * names; and those of the folder where it really lies. Which names they tell does not matter. The
 * file is read when the folders have been quiet for a moment, so that what is written in pieces is
 * read whole. What may go wrong: events get lost, or folders come later, go, and are put in the
 * place of others; so the file is read from time to time without any.
 */
export class WatchedFile {
  /** Where it is. */
  readonly path: string;
  /** Resolves when it has been read for the first time. */
  readonly looked: Promise<void>;
  readonly #options: WatchOptions;
  readonly #show: (sight: Sight) => Promise<void>;
  readonly #first = Promise.withResolvers<void>();
  #closed = false;
  #seen: Sight | undefined;
  #watcher: Deno.FsWatcher | undefined;
  /** Resolves when the watcher has ended. */
  #heard: Promise<void> = Promise.resolve();
  /** The folders that are watched, and not only by name. */
  #folders = "";
  #paths: string[] = [];
  #events = 0;
  #called = Promise.withResolvers<void>();

  /** `show` gets what is seen whenever it is something else. */
  constructor(path: string, options: WatchOptions, show: (sight: Sight) => Promise<void>) {
    this.path = path;
    this.#options = options;
    this.#show = show;
    this.looked = this.#first.promise;
  }

  /** Watches until it is closed; what `show` throws is thrown. */
  async run(): Promise<void> {
    try {
      while (!this.#closed) {
        // The look below sees whatever has happened so far; what is told from now on calls for one more.
        this.#called = Promise.withResolvers();
        if (this.#options.usesEvents) await this.#watchFolders();
        await this.#look();
        this.#first.resolve();
        await this.#untilCalled();
      }
    } finally {
      await this.#leaveFolders();
    }
  }

  /** Watches no more. */
  close(): void {
    this.#closed = true;
    this.#first.resolve();
    this.#called.resolve();
  }

  async #look(): Promise<void> {
    const sight = await this.#read();
    const isSame = sight.text === this.#seen?.text && sight.trouble === this.#seen?.trouble;
    if (isSame || this.#closed) return;
    this.#seen = sight;
    await this.#show(sight);
  }

  async #read(): Promise<Sight> {
    const { path } = this;
    // Asked first, since Deno would prompt the user in the terminal at each try to read.
    if (!mayAccess("read", path)) {
      return { trouble: `it may not be read, add ${permissionFlag("read", path)}` };
    }
    try {
      const { isFile, size } = await Deno.stat(path);
      if (!isFile) return { trouble: "it is no file" };
      const { maxBytes } = this.#options;
      const bytes = size > maxBytes ? undefined : await Deno.readFile(path);
      const length = bytes?.length ?? size;
      if (bytes === undefined || length > maxBytes) {
        return { trouble: `it has ${length} bytes, and maxBytes is ${maxBytes}` };
      }
      return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { trouble: "there is no such file" };
      if (error instanceof TypeError) return { trouble: "it is not UTF-8, save it as that" };
      return { trouble: reasonOf(error) };
    }
  }

  async #untilCalled(): Promise<void> {
    const { pollEvery = POLL_MS } = this.#options;
    const poll = this.#watcher === undefined ? DEAF_POLL_MS : pollEvery;
    await Promise.race([this.#called.promise, pause(poll)]);
    const end = performance.now() + MOST_QUIET_MS;
    for (let heard = -1; heard !== this.#events && !this.#closed && performance.now() < end;) {
      heard = this.#events;
      await pause(QUIET_MS);
    }
  }

  /** Watches other folders if the file's folders are not the same any more. */
  async #watchFolders(): Promise<void> {
    const folders = await foldersOf(this.path);
    const key = JSON.stringify([...folders]);
    if (key === this.#folders || this.#closed) return;
    await this.#leaveFolders();
    if (folders.size === 0) return;
    this.#paths = [...folders.values()];
    try {
      this.#watcher = Deno.watchFs(this.#paths, { recursive: false });
    } catch {
      // A folder has gone already, or too many are watched: reading the file tells what is wrong.
      return;
    }
    this.#folders = key;
    const watcher = this.#watcher, heard = this.#listen(watcher);
    this.#heard = heard.catch(() => {});
    heard.catch(async () => {
      // The watcher has failed; the next look makes another one.
      if (this.#watcher === watcher) await this.#leaveFolders();
    });
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind } of watcher) {
      // This watcher was left because of a named pipe; to end the loop closes it.
      if (this.#watcher !== watcher) return;
      // Our own look at the file is such an event.
      if (kind === "access") continue;
      this.#events++;
      this.#called.resolve();
    }
  }

  /**
   * Deno's watcher stands still at a named pipe that it hears of, until somebody opens that. Closing
   * it meanwhile would stop this thread for good, so it is closed with what it hears next, if ever.
   * Else its end is waited for: until then another one for one of its folders would hear nothing.
   */
  async #leaveFolders(): Promise<void> {
    const watcher = this.#watcher;
    this.#watcher = undefined;
    this.#folders = "";
    if (watcher === undefined || await havePipe(this.#paths)) return;
    watcher.close();
    await this.#heard;
  }
}

/** Whether there is a named pipe in one of the folders. */
async function havePipe(folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const entries = await unlessGone(() => Array.fromAsync(Deno.readDir(folder))) ?? [];
    // Where a link leads may need a permission.
    for (const { name } of entries.filter(isOther)) {
      const info = await unlessGone(() => Deno.lstat(`${folder}/${name}`));
      if (info?.isFifo) return true;
    }
  }
  return false;
}

function isOther({ isFile, isDirectory, isSymlink }: Deno.DirEntry): boolean {
  return !isFile && !isDirectory && !isSymlink;
}

/**
 * The folders of the file's name and of the file itself, with what tells each from another one: also
 * from one that was removed, whose inode it may have got.
 */
async function foldersOf(path: string): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  const real = mayAccess("read", path) ? await unlessGone(() => Deno.realPath(path)) : undefined;
  for (const file of real === undefined ? [path] : [path, real]) {
    const folder = splitPath(file)[0] || ".";
    if (!mayAccess("read", folder)) continue;
    const info = await unlessGone(() => Deno.stat(folder));
    if (info === undefined) continue;
    folders.set(`${info.dev} ${info.ino ?? folder} ${info.birthtime?.getTime()}`, folder);
  }
  return folders;
}

async function unlessGone<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch {
    // The folder is not there, or may not be read: reading the file tells what is wrong.
    return undefined;
  }
}
