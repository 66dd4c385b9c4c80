import type { LiveEvent, WebThread } from "../../src/web/live/web_thread.ts";
import type { WebServer } from "../../src/web/server/web_server.ts";
import { within } from "../harness/deadline.ts";

/** Asks a server what its page asks. */
export class WebClient {
  readonly #server: WebServer;

  constructor(server: WebServer) {
    this.#server = server;
  }

  /** Sends a request with all that is needed. */
  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      "authorization": `Bearer ${this.#server.token}`,
      "x-logdial": "1",
      "content-type": "application/json",
    };
    return await fetch(`${this.#server.origin}/${path}`, { headers, ...init });
  }

  /** Asks for something, and reads the answer. */
  async ask<T>(name: string, body: object): Promise<T> {
    const response = await this.send(`api/${name}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return await response.json() as T;
  }

  /** The lines of an answer, as they come. */
  async *lines(name: string, body: object): AsyncGenerator<Record<string, unknown>> {
    const response = await this.send(`api/${name}`, { method: "POST", body: JSON.stringify(body) });
    yield* readParts(response, "\n", (line) => JSON.parse(line) as Record<string, unknown>);
  }
}

/** A page that is open: what it has been told. */
export class OpenPage implements AsyncDisposable {
  readonly #events: AsyncGenerator<LiveEvent>;
  readonly #ports = new Map<number, readonly WebThread[]>();
  readonly #rates = new Map<string, LiveEvent["rates"][number]>();

  private constructor(events: AsyncGenerator<LiveEvent>) {
    this.#events = events;
  }

  static async open(client: WebClient): Promise<OpenPage> {
    const response = await client.send("api/events");
    return new OpenPage(readParts(response, "\n\n", (event) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      return name === "ports" ? JSON.parse(data!) as LiveEvent : undefined;
    }));
  }

  /** The threads that it knows, by name. */
  get threads(): ReadonlyMap<string, WebThread> {
    const all = [...this.#ports.values()].flat();
    return new Map(all.map((one) => [one.status?.name ?? one.kind, one]));
  }

  /** What threads write. */
  get rates(): readonly LiveEvent["rates"][number][] {
    return [...this.#rates.values()];
  }

  /** Resolves when it has been told that something is so. */
  async until(what: string, fits: (page: OpenPage) => boolean): Promise<void> {
    const read = async () => {
      while (!fits(this)) {
        const { done, value } = await this.#events.next();
        if (done) throw new Error(`The server has ended instead of ${what}`);
        for (const { port, threads } of value.ports) this.#ports.set(port, threads);
        for (const one of value.rates) this.#rates.set(one.key, one);
      }
    };
    await within(read(), () => `${what}: ${JSON.stringify([...this.threads.keys()])}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#events.return(undefined);
  }
}

async function* readParts<T>(
  response: Response,
  end: string,
  read: (part: string) => T | undefined,
): AsyncGenerator<T> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body!) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split(end);
    rest = parts.pop()!;
    for (const part of parts) {
      const one = part === "" ? undefined : read(part);
      if (one !== undefined) yield one;
    }
  }
}
