/**
 * The global under which `@opentelemetry/api` registers itself for all its copies in a process. Deno
 * does so too with `OTEL_DENO=true`. By it nothing has to be imported.
 */
const API = Symbol.for("opentelemetry.js.api.1");
/** The key under which a context holds its span. */
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

/** The ids of a span. */
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
    // Somebody may have put anything there: then the record goes out without ids.
    return undefined;
  }
}

/**
 * Runs a function outside of the program's present span. Records are sent long after they were made;
 * inside the span, the request that sends them would be traced as a part of it.
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
