import { Problem } from "./problem.ts";

/** Most bytes of a body: far more than a configuration that somebody edits. */
export const MAX_BODY: number = 1 << 20;
/** Longest time that a body may take, in milliseconds. */
const SLOW_MS = 10_000;

/**
 * Reads the JSON that a request brings.
 *
 * @throws {Problem} It is no JSON, has another content type, or is too long or too slow.
 */
export async function readJson(
  request: Request,
  isJson: (type: string) => boolean,
): Promise<unknown> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase();
  if (!isJson(type)) {
    throw new Problem(415, `Cannot read a body of type "${type}": it must be application/json`);
  }
  const bytes = await readBytes(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message would not help.
    throw new Problem(400, "Cannot read the body: it must be JSON");
  }
}

async function readBytes({ headers, body }: Request): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = new Problem(413, `Cannot read the body: it may have ${MAX_BODY} bytes at most`);
  if (Number(headers.get("content-length") ?? 0) > MAX_BODY) throw tooLong;
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  // If the client has gone meanwhile, cancelling fails, which does not matter.
  const cancel = () => reader.cancel().catch(() => {});
  let isSlow = false;
  const timer = setTimeout(() => {
    isSlow = true;
    void cancel();
  }, SLOW_MS);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    for (let length = 0;;) {
      const { done, value } = await reader.read();
      if (isSlow) throw new Problem(408, "Cannot read the body: it is too slow");
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      length += value.length;
      if (length > MAX_BODY) throw tooLong;
      parts.push(value);
    }
  } finally {
    clearTimeout(timer);
    void cancel();
  }
}
