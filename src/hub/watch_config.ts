import { permissionFlag } from "../core/io/permission_flag.ts";
import { absolutePath, splitPath } from "../handlers/files/absolute_path.ts";
import { currentAttachment } from "./listen.ts";

/**
 * A configuration file that is watched.
 *
 * @example
 * ```ts
 * import { listen, stopListening, watchConfig, type WatchedConfig } from "@logdial/logging";
 *
 * await listen(0);
 * const watched: WatchedConfig = watchConfig("logging.conf");
 * console.log(watched.path); // /srv/app/logging.conf
 * watched.close();
 * stopListening();
 * ```
 */
export interface WatchedConfig extends Disposable {
  /** Where the file is. */
  readonly path: string;
  /** Watches the file no more; what it has said stays in force. */
  close(): void;
}

/**
 * Begins with the configuration in a file, and follows the file from then on: whenever it says
 * something else, all threads of the process that listen take that, also those that compute.
 *
 * The file is what the program begins with: a change of it ends what was sent before and was to
 * stay, overrides that end by themselves lie above it until they do, and `rollback` and `reset` go
 * back to it. It is read as `send` reads it: `.yaml`, `.json`, or INI. What cannot be taken is told
 * on stderr and by `status`, and what was in force before stays; so it does while there is no file.
 * As the program's own, it may use all handlers.
 *
 * One file is all that a process watches. The thread has to listen, and the file is watched until
 * all threads that have asked for it listen no more.
 *
 * @throws {Error} The thread does not listen.
 * @throws {Deno.errors.NotCapable} The file's folder may not be read; with the flag to add.
 *
 * @example
 * ```ts
 * import { getLogger, listen, stopListening, watchConfig } from "@logdial/logging";
 *
 * await listen(0);
 * {
 *   using _ = watchConfig("logging.conf");
 *   getLogger().error("as the file says");
 * }
 * stopListening();
 * ```
 */
export function watchConfig(path: string | URL): WatchedConfig {
  if (typeof path !== "string" && !(path instanceof URL)) {
    throw new TypeError(`Cannot watch ${String(path)}: it must be a path or a file: URL`);
  }
  const attachment = currentAttachment();
  if (attachment === undefined) {
    throw new Error(`Cannot watch "${path}": this thread does not listen, call listen() before`);
  }
  const file = absolutePath(path);
  requireFolder(file);
  attachment.watch(file);
  const close = () => {
    if (currentAttachment() === attachment) attachment.unwatch(file);
  };
  return { path: file, close, [Symbol.dispose]: close };
}

/** Makes sure that the file's whole folder may be read: another file may take this one's place. */
function requireFolder(file: string): void {
  const folder = splitPath(file)[0] || ".";
  const flag = permissionFlag("read", folder);
  const { state } = Deno.permissions.requestSync({ name: "read", path: folder });
  if (state === "granted") return;
  throw new Deno.errors.NotCapable(
    `Cannot watch "${file}": its folder may not be read, add ${flag}`,
  );
}
