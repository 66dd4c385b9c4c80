/** Runs something and gives what the library wrote to stderr meanwhile. */
export async function captureStderr(run: () => unknown): Promise<string> {
  const { writeSync } = Deno.stderr;
  const decoder = new TextDecoder();
  let text = "";
  Deno.stderr.writeSync = (bytes) => {
    text += decoder.decode(bytes);
    return bytes.length;
  };
  try {
    await run();
    return text;
  } finally {
    Deno.stderr.writeSync = writeSync;
  }
}
