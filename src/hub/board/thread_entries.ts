/**
 * Where the threads start that logdial starts for itself. They are told here and nowhere else,
 * since `deno task pack` puts other addresses in the place of these: in a bundle a module does not
 * know where it came from.
 *
 * Who starts one of them has an `import()` of it as well, which never runs, so that the program's
 * own loading has fetched everything: the thread that starts the hub blocks until it is served, and
 * while main blocks, no thread can fetch a module from the network.
 *
 * They are told by functions, since Deno takes half a millisecond to make the first URL, which a
 * program that starts no thread need not pay.
 *
 * @module
 */

/** The hub; it exports `runHub`. */
export function hubEntry(): URL {
  return new URL("../life/run_hub.ts", import.meta.url);
}

/** The thread that writes to a pipe; it exports `runPipeThread`. */
export function pipeThreadEntry(): URL {
  return new URL("../rings/run_pipe_thread.ts", import.meta.url);
}

/** The folder that has to be read for them, where they are files. */
export function entriesFolder(): URL {
  return new URL("../../../", import.meta.url);
}
