import { LOOPBACK } from "../../hub/board/attach_options.ts";
import { describePlace, NoTargetError, type Targets } from "../../client/targets.ts";
import { ConfigError } from "../../core/errors/config_error.ts";
import { pause } from "../../core/runtime/pause.ts";
import { reasonOf } from "../../core/values/thrown.ts";
import { Actuator } from "../actuator/actuator.ts";
import { ROUTES } from "../api/routes.ts";
import { answerJson, answerStream } from "../http/answers.ts";
import { Guard } from "../http/guard.ts";
import { Problem } from "../http/problem.ts";
import { readJson } from "../http/read_body.ts";
import { Secret } from "../http/secret.ts";
import { ThreadsWatch } from "../live/threads_watch.ts";
import type { Welcome } from "../live/web_thread.ts";
import { PageServer } from "./page_server.ts";

/** How long requests may go on when the server ends, in milliseconds. */
const END_MS = 3000;
/** Most pages that are told at once what happens. */
const MOST_PAGES = 64;

/** How a server is started. */
export interface WebOptions {
  /** Its own port; 0 for one that is free. */
  readonly port: number;
  /** Where threads are looked for. */
  readonly targets: Targets;
  /** Whether nothing can be changed by it. */
  readonly readOnly: boolean;
  /** Who changes something, as far as it is known. */
  readonly by: string | undefined;
}

/** The server of the page, on loopback only. */
export class WebServer {
  readonly #options: WebOptions;
  readonly #page: PageServer;
  readonly #watch: ThreadsWatch;
  readonly #secret = new Secret();
  readonly #actuator: Actuator;
  readonly #guard: Guard;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Ends the answers that would go on. */
  readonly #ending = new AbortController();

  private constructor(options: WebOptions, page: PageServer) {
    this.#options = options;
    this.#page = page;
    this.#watch = new ThreadsWatch(options.targets);
    const onChange = () => this.#watch.poke();
    this.#actuator = new Actuator({ ...options, onChange });
    this.#server = Deno.serve({
      hostname: LOOPBACK[0],
      port: options.port,
      onListen: () => {},
      onError: (error) => answerJson({ error: { message: reasonOf(error) } }, 500),
    }, (request) => this.#answer(request));
    this.#guard = new Guard(this.#server.addr.port, this.#secret);
  }

  /**
   * Starts it.
   *
   * @throws {Deno.errors.AddrInUse} The port is taken.
   */
  static async start(options: WebOptions): Promise<WebServer> {
    return new WebServer(options, await PageServer.load());
  }

  /** The address of the server without the token. */
  get origin(): string {
    return `http://${LOOPBACK[0]}:${this.#server.addr.port}`;
  }

  /** The token, without which nothing can be seen. */
  get token(): string {
    return this.#secret.text;
  }

  /** The address to open. A browser sends nothing of what stands behind `#`. */
  get address(): string {
    return `${this.origin}/#${this.token}`;
  }

  /** How many pages are told what happens. */
  get pages(): number {
    return this.#watch.pages;
  }

  /** Resolves when it has ended. */
  get finished(): Promise<void> {
    return this.#server.finished;
  }

  /** Ends it, with all pages; answers that a client does not read end with the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#watch.stop();
    // Such an answer stays open for as long as the client likes, and a server that shuts down cannot
    // cut it: its signal throws by then.
    await Promise.race([this.#server.shutdown(), pause(END_MS)]);
  }

  async #answer(request: Request): Promise<Response> {
    // A request whose host is no host has no address: it is refused below.
    const { pathname = "/" } = URL.parse(request.url) ?? {};
    const isActuator = pathname === "/actuator" || pathname.startsWith("/actuator/");
    try {
      if (isActuator) {
        this.#guard.check(request, "actuator");
        return await this.#actuator.answer(request, pathname);
      }
      if (pathname.startsWith("/api/")) {
        this.#guard.check(request, "api");
        return await this.#ask(request, pathname.slice("/api/".length));
      }
      this.#guard.check(request, "page");
      if (this.#page.has(pathname)) return this.#page.serve(request, pathname);
      throw new Problem(404, `Cannot find "${pathname}": the server has no such address`);
    } catch (error) {
      return tellError(error);
    }
  }

  async #ask(request: Request, name: string): Promise<Response> {
    if (name === "events") return this.#follow(request);
    const route = ROUTES.get(name);
    if (route === undefined) {
      throw new Problem(404, `Cannot find "/api/${name}": the server has no such address`);
    }
    const { readOnly, targets, by } = this.#options;
    if (request.method !== "POST") {
      throw new Problem(405, `Cannot ${name} by ${request.method}: use POST`, { allow: "POST" });
    }
    if (route.changes && readOnly) {
      throw new Problem(403, `Cannot ${name}: this page was started with --read-only`);
    }
    const body = await readJson(request, (type) => type === "application/json");
    const onChange = () => this.#watch.poke();
    return await route.run(body, { targets, by, onChange, ended: this.#ending.signal });
  }

  /** Server-sent events: the page reads them by `fetch`, which can send the token. */
  #follow(request: Request): Response {
    if (request.method !== "GET") {
      throw new Problem(405, `Cannot follow events by ${request.method}: use GET`, {
        allow: "GET",
      });
    }
    if (this.#watch.pages >= MOST_PAGES) {
      throw new Problem(503, `Cannot show one more page: ${MOST_PAGES} are open, close one first`);
    }
    const { targets, readOnly } = this.#options;
    const welcome: Welcome = { place: describePlace(targets), readOnly };
    const page = this.#watch.open();
    let first: string | undefined = eventText("welcome", welcome);
    return answerStream("text/event-stream", async () => {
      const text = first;
      first = undefined;
      if (text !== undefined) return text;
      const event = await page.next();
      return event === undefined ? undefined : eventText("ports", event);
    }, () => page.close());
  }
}

function eventText(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Why something could not be done; whose fault it is. */
function tellError(error: unknown): Response {
  const message = reasonOf(error);
  if (error instanceof Problem) {
    return answerJson({ error: { message } }, error.status, error.headers);
  }
  if (error instanceof NoTargetError) return answerJson({ error: { message } }, 404);
  if (error instanceof ConfigError) {
    const { section, key, line } = error;
    return answerJson({ error: { message, section, key, line } }, 400);
  }
  const isAsked = error instanceof RangeError || error instanceof TypeError;
  return answerJson({ error: { message } }, isAsked ? 400 : 502);
}
