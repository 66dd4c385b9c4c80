import { writeAll } from "../../src/client/ports/connect.ts";

/** A request as a hostile page, or anybody else, may send it. */
export interface RawRequest {
  readonly method?: string;
  /** As it stands in the first line. */
  readonly target?: string;
  /** Names and values in this order, as they are; `Host` is not added. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** What came back. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends a request as it is: `fetch` would put some headers right. */
export async function sendRaw(
  port: number,
  { method = "GET", target = "/", headers, body = "" }: RawRequest,
): Promise<RawAnswer> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const hasLength = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  if (body !== "" && !hasLength) lines.push(`Content-Length: ${body.length}`);
  const text = `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n${body}`;
  // A server may answer, and close, before it has read everything.
  const writing = writeAll(conn, new TextEncoder().encode(text)).catch(() => {});
  const answer = await readAnswer(conn, method === "HEAD");
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const [first = "", ...fields] = head.split("\r\n");
  conn.close();
  await writing;
  return {
    status: Number(first.split(" ")[1]),
    headers: new Map(fields.map((field) => {
      const at = field.indexOf(":");
      return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()];
    })),
    body: rest.join("\r\n\r\n"),
  };
}

/** Reads as much as an answer says that it is: who has not been sent all may wait for it. */
async function readAnswer(conn: Deno.TcpConn, isHeadOnly: boolean): Promise<string> {
  const chunk = new Uint8Array(65_536);
  for (let text = "";;) {
    const [head, ...rest] = text.split("\r\n\r\n");
    if (rest.length > 0) {
      const length = Number(/^content-length: (\d+)/im.exec(head!)?.[1] ?? Infinity);
      if (isHeadOnly || rest.join("\r\n\r\n").length >= length) return text;
    }
    const got = await conn.read(chunk).catch(() => null);
    if (got === null) return text;
    // Byte by byte, so that lengths are what they were.
    text += Array.from(chunk.subarray(0, got), (byte) => String.fromCharCode(byte)).join("");
  }
}
