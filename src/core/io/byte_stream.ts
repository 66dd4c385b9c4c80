/** What can be written to synchronously, such as `Deno.stdout` and `Deno.FsFile`. */
export interface ByteStream {
  /** Writes some of the bytes and returns how many. */
  writeSync(bytes: Uint8Array): number;
}
