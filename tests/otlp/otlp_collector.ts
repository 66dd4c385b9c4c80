import { eventually } from "../harness/deadline.ts";
import { type LogsRequest, readLogsRequest, type ReceivedRecord } from "./otlp_schema.ts";

/** What the collector says to a request; undefined to take it. */
export type Answer = (request: LogsRequest) => Response | undefined | Promise<Response | undefined>;

/** An OpenTelemetry collector of our own, which takes nothing that breaks the schema. */
export class OtlpCollector implements AsyncDisposable {
  /** Requests that it has taken. */
  readonly taken: LogsRequest[] = [];
  /** All requests, also those that it has not taken. */
  requests = 0;
  /** Headers of the last one. */
  headers = new Headers();
  /** What was wrong with requests. */
  readonly faults: string[] = [];
  /** What it says. */
  answer: Answer = () => undefined;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(port = 0) {
    const options = { hostname: "127.0.0.1", port, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#handle(request));
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The records that it has taken. */
  get records(): ReceivedRecord[] {
    return this.taken.flatMap(({ resourceLogs }) =>
      resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
    );
  }

  /** Their texts. */
  get texts(): string[] {
    return this.records.map(({ body }) => body.stringValue);
  }

  /** Waits until it has taken so many records. */
  async until(count: number): Promise<void> {
    const what = () => `${count} records instead of ${this.records.length} ${this.faults}`;
    await eventually(what, () => this.records.length >= count || undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #handle(request: Request): Promise<Response> {
    this.requests++;
    this.headers = request.headers;
    let logs: LogsRequest;
    try {
      logs = await this.#read(request);
    } catch (error) {
      this.faults.push(String(error));
      return Response.json({ message: String(error) }, { status: 400 });
    }
    const said = await this.answer(logs);
    if (said !== undefined && !said.ok) return said;
    this.taken.push(logs);
    return said ?? Response.json({});
  }

  async #read(request: Request): Promise<LogsRequest> {
    const { pathname } = new URL(request.url);
    if (request.method !== "POST" || !pathname.endsWith("/v1/logs")) {
      throw new Error(`${request.method} ${pathname} is not there`);
    }
    const type = request.headers.get("content-type");
    if (type !== "application/json") throw new Error(`content-type is ${type}`);
    if (request.headers.get("content-encoding") !== "gzip") {
      return readLogsRequest(await request.text());
    }
    const plain = request.body!.pipeThrough(new DecompressionStream("gzip"));
    return readLogsRequest(await new Response(plain).text());
  }
}
