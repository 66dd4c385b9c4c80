import { replaced } from "./replaced.ts";

/** Collects what is written to stdout or stderr from now on, until it is disposed of. */
export class CapturedWrites implements Disposable {
  text = "";
  readonly #replaced: Disposable;

  constructor(stream: typeof Deno.stdout | typeof Deno.stderr) {
    const decoder = new TextDecoder();
    this.#replaced = replaced(stream, "writeSync", (bytes) => {
      this.text += decoder.decode(bytes);
      return bytes.length;
    });
  }

  [Symbol.dispose](): void {
    this.#replaced[Symbol.dispose]();
  }
}
