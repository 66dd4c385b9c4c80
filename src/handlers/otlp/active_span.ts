/**
 * What `@opentelemetry/api` leaves for all copies of itself in a process. Deno leaves it too
 * where `OTEL_DENO=true`, so that nothing has to be imported.
 */
const API = Symbol.for("opentelemetry.js.api.1");
/** Under which a context holds its span. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/** A context of `@opentelemetry/api`, as far as it is used here. */
interface Context {
  getValue(key: symbol): unknown;
  deleteValue(key: symbol): Context;
}

interface ContextManager {
  active(): Context;
  with<T>(context: Context, run: () => T): T;
}

/** What tells a span from all others. */
export interface SpanIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Bit 0: whether the trace is sampled. */
  readonly traceFlags: number;
}

/** The ids of the span in which the program is; undefined if it is in none, or none that is valid. */
export function activeSpan(): SpanIds | undefined {
  try {
    const span = contextManager()?.active().getValue(SPAN);
    const ids = (span as { spanContext?(): SpanIds } | undefined)?.spanContext?.();
    if (ids === undefined || !isId(ids.traceId, 32) || !isId(ids.spanId, 16)) return undefined;
    const { traceId, spanId, traceFlags } = ids;
    return { traceId, spanId, traceFlags: Number(traceFlags) & 0xff };
  } catch {
    // Whatever somebody has put there, the record goes out without ids.
    return undefined;
  }
}

/**
 * Runs something outside of the span in which the program is: records go out long after it, and
 * a request that is traced itself would be shown as a part of it.
 */
export function outsideSpan<T>(run: () => T): T {
  let hasRun = false;
  const runOnce = () => {
    hasRun = true;
    return run();
  };
  try {
    const manager = contextManager();
    if (manager === undefined) return runOnce();
    return manager.with(manager.active().deleteValue(SPAN), runOnce);
  } catch (error) {
    if (hasRun) throw error;
    return run();
  }
}

function contextManager(): ContextManager | undefined {
  const api = (globalThis as unknown as Record<symbol, { context?: ContextManager } | undefined>)[
    API
  ];
  return api?.context;
}

/** Zeros alone are no id. */
function isId(id: unknown, length: number): boolean {
  return typeof id === "string" && id.length === length && /^[0-9a-f]+$/i.test(id) &&
    /[^0]/.test(id);
}
