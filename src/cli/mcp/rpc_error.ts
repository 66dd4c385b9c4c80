/** What is wrong with a request, as JSON-RPC numbers it. */
export const PARSE_ERROR = -32700,
  INVALID_REQUEST = -32600,
  METHOD_NOT_FOUND = -32601,
  INVALID_PARAMS = -32602,
  INTERNAL_ERROR = -32603,
  /** Our own number: too many requests run at once. */
  TOO_BUSY = -32000;

/** A request that is answered by an error. */
export class RpcError extends Error {
  /** The number of JSON-RPC. */
  readonly code: number;

  /** `code` is one of those above. */
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
