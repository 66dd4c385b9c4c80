/// <reference lib="dom" />

/** Where the token is kept as long as the window is open, so that it does not stand in the address. */
const KEPT = "logdial-token";

/** The error of a request that the server has refused, or could not carry out. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

let token = sessionStorage.getItem(KEPT) ?? "";

/** Whether the address has a token in it. */
export function hasToken(): boolean {
  return /^#[\w-]{20,}$/.test(location.hash);
}

/** Takes the token out of the address; returns whether there is one. */
export function takeToken(): boolean {
  if (hasToken()) {
    token = location.hash.slice(1);
    sessionStorage.setItem(KEPT, token);
    history.replaceState(null, "", location.pathname);
  }
  return token !== "";
}

/** Sends a request with the token. */
export async function ask(
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await fetch(`/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "authorization": `Bearer ${token}`,
      "x-logdial": "1",
      ...body === undefined ? {} : { "content-type": "application/json" },
    },
    ...body === undefined ? {} : { body: JSON.stringify(body) },
    ...signal === undefined ? {} : { signal },
    cache: "no-store",
  });
  if (response.ok) return response;
  throw new Refusal(response.status, await reasonOf(response));
}

/** Asks for something, and reads the answer. */
export async function request<T>(name: string, body: object, signal?: AbortSignal): Promise<T> {
  const response = await ask(`api/${name}`, body, signal);
  return await response.json() as T;
}

/** Reads an answer that is one line of JSON after the other; what comes together is told together. */
export async function stream(
  name: string,
  body: object,
  onLines: (lines: readonly unknown[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await ask(`api/${name}`, body, signal);
  for await (const lines of parts(response, "\n")) {
    const told = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
    if (told.length > 0) onLines(told);
  }
}

/** The parts of an answer that are whole, as they come. */
export async function* parts(response: Response, end: string): AsyncGenerator<string[]> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const found = (rest + decoder.decode(value, { stream: true })).split(end);
    rest = found.pop()!;
    if (found.length > 0) yield found;
  }
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { error } = await response.json() as { error: { message: string } };
    return error.message;
  } catch {
    // The answer is no JSON: a proxy in between may have answered.
    return `The server answers ${response.status}`;
  }
}
