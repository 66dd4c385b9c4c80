import { fetchReason } from "../network/fetch_reason.ts";
import { limitTime } from "../network/time_limit.ts";
import { requirePermissions } from "../require_permissions.ts";
import { outsideSpan } from "./active_span.ts";
import type { OtlpSettings } from "./otlp_settings.ts";

/** The outcome of a request. */
export type PostOutcome =
  /** The collector has taken the records, but for those that it refused for good. */
  | { readonly kind: "taken"; readonly rejected: number; readonly message: string | undefined }
  /** It may take them another time, not before so many milliseconds if it said so. */
  | {
    readonly kind: "later";
    readonly reason: string;
    readonly isAnswered: boolean;
    readonly after?: number;
  }
  /** It will never take them. */
  | { readonly kind: "refused"; readonly reason: string };

/** Answers of HTTP after which the protocol has a request made again. */
const RETRYABLE: readonly number[] = [429, 502, 503, 504];
/** Bytes of an answer beyond which it is not read. */
const MAX_ANSWER = 64 * 1024;
/** Longest message of a collector that is shown. */
const MAX_SHOWN = 300;
/** Longest pause that a collector may ask for, in milliseconds. */
const MAX_PAUSE = 600_000;

/** Posts a request; it never rejects. */
export async function postLogs(
  body: string,
  { url, permission, headers, timeout, isCompressed }: OtlpSettings,
  client: Deno.HttpClient | undefined,
): Promise<PostOutcome> {
  let response: Response;
  let answer: string | undefined;
  const limit = limitTime(timeout);
  try {
    // Otherwise Deno might prompt the user at any moment.
    requirePermissions([permission]);
    const sent = isCompressed ? await gzipped(body) : body;
    response = await outsideSpan(() =>
      fetch(url, {
        method: "POST",
        headers,
        body: sent,
        client,
        redirect: "manual",
        signal: limit.signal,
      })
    );
    answer = await readAnswer(response);
  } catch (error) {
    // A missing permission is tried again as well: it may be granted meanwhile.
    return { kind: "later", reason: fetchReason(error), isAnswered: false };
  } finally {
    limit.end();
  }
  const { status } = response;
  const said = parseAnswer(answer);
  if (response.ok) return taken(said);
  const message = messageOf(said.message);
  const hint = status === 415 && isCompressed
    ? ", it may not take gzip: leave compression out"
    : "";
  const reason = `it answered ${status}${message === undefined ? "" : `: ${message}`}${hint}`;
  if (!RETRYABLE.includes(status)) return { kind: "refused", reason };
  const after = readRetryAfter(response.headers.get("retry-after"));
  return { kind: "later", reason, isAnswered: true, ...after === undefined ? {} : { after } };
}

async function gzipped(body: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(stream).bytes();
}

/** Reads an answer, but not more than `MAX_ANSWER`: anybody may listen there. */
async function readAnswer(response: Response): Promise<string | undefined> {
  if (response.body === null) return undefined;
  const decoder = new TextDecoder();
  let text = "", size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    // To leave the loop cancels the rest.
    if (size > MAX_ANSWER) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function parseAnswer(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text ?? ""));
  } catch {
    // The body is protobuf, HTML or nothing: the status says what counts.
    return {};
  }
}

function taken({ partialSuccess }: Readonly<Record<string, unknown>>): PostOutcome {
  const { rejectedLogRecords, errorMessage } = asObject(partialSuccess);
  // 64 bits stand as text in JSON, or as a number.
  const rejected = Number(rejectedLogRecords ?? 0);
  return {
    kind: "taken",
    rejected: rejected > 0 ? rejected : 0,
    message: messageOf(errorMessage),
  };
}

/** A collector's message, shortened; undefined if there is none. */
function messageOf(message: unknown): string | undefined {
  return typeof message === "string" && message !== "" ? message.slice(0, MAX_SHOWN) : undefined;
}

/**
 * Reads `Retry-After`, seconds or a date, as milliseconds from now. A collector that asks for no
 * pause, or for one that is over, as where its clock is slow, has asked for nothing: without pauses
 * all tries would be made at once, and the records lost.
 */
function readRetryAfter(text: string | null): number | undefined {
  if (text === null) return undefined;
  const wait = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return wait > 0 ? Math.min(wait, MAX_PAUSE) : undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
