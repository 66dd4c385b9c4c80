/** What is written to stdout or stderr from here on, until it is disposed of. */
export class CapturedWrites implements Disposable {
  text = "";
  readonly #restore: () => void;

  constructor(stream: typeof Deno.stdout | typeof Deno.stderr) {
    const { writeSync } = stream;
    const decoder = new TextDecoder();
    stream.writeSync = (bytes) => {
      this.text += decoder.decode(bytes);
      return bytes.length;
    };
    this.#restore = () => stream.writeSync = writeSync;
  }

  [Symbol.dispose](): void {
    this.#restore();
  }
}
