import { reasonOf } from "../../core/values/thrown.ts";
import { visible } from "../../core/text/visible.ts";
import {
  INTERNAL_ERROR,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  PARSE_ERROR,
  RpcError,
  TOO_BUSY,
} from "./rpc_error.ts";

/** Most requests that may run at once. */
const MOST_RUNNING = 32;

/** What a request asks for, and what ends it. */
export interface RpcRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** What a server can. */
export interface RpcHandlers {
  /** Methods by name; what a method returns is the result. */
  readonly methods: ReadonlyMap<string, (request: RpcRequest) => unknown>;
  /** Whether several requests may come in one message. */
  takesBatches(): boolean;
}

type Id = string | number;

interface Answer {
  readonly jsonrpc: "2.0";
  readonly id: Id | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

const TOO_LONG: Answer = failure(
  null,
  new RpcError(PARSE_ERROR, "Cannot read the message: it is longer than 1 MiB"),
);

/**
 * Answers JSON-RPC messages, one a line: requests run side by side, and each is answered when it is
 * done, unless a notification has cancelled it before.
 */
export class RpcServer {
  readonly #handlers: RpcHandlers;
  readonly #running = new Map<Id, AbortController>();

  /** `handlers` carry out the requests. */
  constructor(handlers: RpcHandlers) {
    this.#handlers = handlers;
  }

  /** The line that answers a line, or one that was too long to be read; undefined if none does. */
  async answer(line: string | null): Promise<string | undefined> {
    if (line?.trim() === "") return undefined;
    const answer = line === null ? TOO_LONG : await this.#read(line);
    return answer === undefined ? undefined : JSON.stringify(answer);
  }

  /** Ends what is running. */
  end(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  async #read(line: string): Promise<Answer | Answer[] | undefined> {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return failure(null, new RpcError(PARSE_ERROR, "Cannot read the message: it is no JSON"));
    }
    if (!Array.isArray(message)) return await this.#take(message);
    if (!this.#handlers.takesBatches() || message.length === 0) {
      return failure(null, new RpcError(INVALID_REQUEST, "Cannot take a list: send one message"));
    }
    const answers = await Promise.all(message.map((one) => this.#take(one)));
    const given = answers.filter((one) => one !== undefined);
    return given.length === 0 ? undefined : given;
  }

  async #take(message: unknown): Promise<Answer | undefined> {
    if (!isObject(message) || message.jsonrpc !== "2.0") {
      return failure(
        null,
        new RpcError(INVALID_REQUEST, 'Cannot take the message: it is no JSON-RPC "2.0"'),
      );
    }
    const { id, method, params = {} } = message;
    // It is an answer, though this server asks nothing.
    if (method === undefined && ("result" in message || "error" in message)) return undefined;
    // A larger number would be read as another one, by which no client would know its answer.
    const isNamed = typeof id === "string" ||
      typeof id === "number" && Math.abs(id) <= Number.MAX_SAFE_INTEGER;
    const isNote = id === undefined && typeof method === "string";
    if (isNote) return this.#hear(method, params);
    if (!isNamed || typeof method !== "string" || !isObject(params)) {
      const rule =
        "it needs an id (a text, or a number to 2^53), a method, and an object of params " +
        "if any";
      return failure(
        isNamed ? id : null,
        new RpcError(INVALID_REQUEST, `Cannot take the request: ${rule}`),
      );
    }
    return await this.#run(id, method, params);
  }

  /** Takes a notification, which is never answered; only `notifications/cancelled` has an effect. */
  #hear(method: string, params: unknown): undefined {
    if (method !== "notifications/cancelled" || !isObject(params)) return;
    this.#running.get(params.requestId as Id)?.abort();
  }

  async #run(
    id: Id,
    method: string,
    params: Readonly<Record<string, unknown>>,
  ): Promise<Answer | undefined> {
    const controller = new AbortController();
    try {
      const run = this.#handlers.methods.get(method);
      if (run === undefined) {
        throw new RpcError(
          METHOD_NOT_FOUND,
          `Cannot do "${visible(method.slice(0, 100))}": it is unknown`,
        );
      }
      if (this.#running.has(id)) {
        throw new RpcError(
          INVALID_REQUEST,
          "Cannot take the request: another one with that id is running",
        );
      }
      if (this.#running.size >= MOST_RUNNING) {
        throw new RpcError(
          TOO_BUSY,
          `Cannot take the request: ${MOST_RUNNING} are running, wait until one is answered`,
        );
      }
      this.#running.set(id, controller);
      const result = await run({ params, signal: controller.signal });
      return controller.signal.aborted ? undefined : { jsonrpc: "2.0", id, result };
    } catch (error) {
      return controller.signal.aborted ? undefined : failure(id, error);
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }
}

function failure(id: Id | null, error: unknown): Answer {
  const code = error instanceof RpcError ? error.code : INTERNAL_ERROR;
  return { jsonrpc: "2.0", id, error: { code, message: visible(reasonOf(error)) } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
