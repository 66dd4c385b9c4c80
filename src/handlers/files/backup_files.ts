import { absolutePath, splitPath } from "./absolute_path.ts";
import { statIfExists } from "./log_file.ts";

/** After so many missing backups in a row, no more are looked for. */
const MAX_MISSING = 100;

/** The marks by which a handler's own backups differ from other files. */
export interface DatedBackups {
  /** The path of the log file; its backups are in the same folder. */
  readonly logFile: string;
  /** Matches the part of their names that tells their time. */
  readonly pattern: RegExp;
  /** The handler's own name for a backup, from the usual one; undefined for the usual one. */
  readonly namer: ((defaultName: string) => string) | undefined;
  /** The time in the name of the newest backup; undefined if it is not known. */
  readonly newest: string | undefined;
}

/**
 * The paths of the backups that are named by their time, the oldest first: only files that the
 * handler itself would give just this name.
 *
 * Differs from CPython 3.11: there it is enough that the name begins alike and has a date in it,
 * so that another program's `app.log.audit.2026-11-22` is deleted.
 */
export function findDatedBackups(backups: DatedBackups): string[] {
  const { logFile, pattern, namer, newest } = backups;
  const [folder, base] = splitPath(logFile);
  const found: { readonly stamp: string; readonly name: string }[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(folder || ".")) {
    if (isDirectory || name === base) continue;
    const stamp = namer === undefined ? plainStamp(name, base, pattern) : stampIn(
      name,
      pattern,
      (stamp) => {
        const own = splitPath(absolutePath(namer(`${logFile}.${stamp}`)));
        return own[0] === folder && own[1] === name;
      },
    );
    if (stamp !== undefined) found.push({ stamp, name });
  }
  // A time later than the newest backup's is from before the clock was put back.
  const isFromBefore = (stamp: string) => newest !== undefined && stamp > newest;
  const key = ({ stamp, name }: (typeof found)[number]) =>
    `${isFromBefore(stamp) ? 0 : 1}${stamp}\0${name}`;
  return found
    .sort((a, b) => key(a) < key(b) ? -1 : 1)
    .map(({ name }) => joinPath(folder, name));
}

/**
 * The numbers below `end` of the backups that there are, in rising order.
 *
 * Numbers are tried upwards until a hundred in a row are missing: so a huge `backupCount` costs no
 * more than the backups that exist.
 */
export function findNumberedBackups(end: number, nameOf: (number: number) => string): number[] {
  const found: number[] = [];
  // A namer may give several backups the same name.
  const seen = new Set<string>();
  for (let number = 1, missing = 0; number < end && missing < MAX_MISSING; number++) {
    const name = nameOf(number);
    if (!seen.has(name) && statIfExists(name)?.isFile) {
      found.push(number);
      seen.add(name);
      missing = 0;
    } else {
      missing++;
    }
  }
  return found;
}

/**
 * Removes a backup, nothing if it is not there: another handler may have been faster.
 *
 * @throws {Deno.errors.IsADirectory} A folder has that name, which is no backup.
 */
export function removeBackup(path: string): void {
  const info = lstatIfExists(path);
  if (info === undefined) return;
  if (info.isDirectory) {
    throw new Deno.errors.IsADirectory(
      `Cannot remove backup ${JSON.stringify(path)}: it is a folder`,
    );
  }
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function lstatIfExists(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The part of a name after the log file's name and a dot, if that is a time and nothing else. */
function plainStamp(name: string, base: string, { source, flags }: RegExp): string | undefined {
  if (!name.startsWith(`${base}.`)) return undefined;
  const stamp = name.slice(base.length + 1);
  return new RegExp(`^(?:${source})$`, flags).test(stamp) ? stamp : undefined;
}

/** The first time in the name, overlapping ones too, that `isOwn` takes. */
function stampIn(
  name: string,
  { source, flags }: RegExp,
  isOwn: (stamp: string) => boolean,
): string | undefined {
  const anywhere = new RegExp(source, flags.replace(/[gy]/g, "") + "g");
  for (let match; (match = anywhere.exec(name)) !== null;) {
    if (isOwn(match[0])) return match[0];
    anywhere.lastIndex = match.index + 1;
  }
  return undefined;
}

function joinPath(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}
