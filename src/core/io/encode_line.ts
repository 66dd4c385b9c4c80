const encoder = new TextEncoder();

/** Lengths for which a view of the buffer is kept, since making one costs a third of a write. */
const KEPT_VIEWS = 512;

/** Shared by the thread's native streams: a write is over before the next text is encoded. */
let buffer = new Uint8Array(16_384);
let views: Uint8Array[] = [];

/** The text's bytes in UTF-8. They are valid until the next call, so callers must not keep them, or log. */
export function encodeLine(text: string): Uint8Array {
  if (text.length * 3 > buffer.length) {
    buffer = new Uint8Array(text.length * 4);
    views = [];
  }
  const { written } = encoder.encodeInto(text, buffer);
  if (written >= KEPT_VIEWS) return buffer.subarray(0, written);
  return views[written] ??= buffer.subarray(0, written);
}
