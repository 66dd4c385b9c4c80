/**
 * What can be written to synchronously, such as `Deno.stdout` and `Deno.FsFile`.
 *
 * @example
 * ```ts
 * import { type ByteStream, StreamHandler } from "@logdial/logging";
 *
 * const bytes: number[] = [];
 * const stream: ByteStream = {
 *   writeSync(chunk) {
 *     bytes.push(...chunk);
 *     return chunk.length;
 *   },
 * };
 * const handler = new StreamHandler(stream);
 * ```
 */
export interface ByteStream {
  /** Writes some of the bytes and returns how many. */
  writeSync(bytes: Uint8Array): number;
}
