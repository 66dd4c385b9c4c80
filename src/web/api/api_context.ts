import type { Targets } from "../../client/targets.ts";
import type { Read } from "../../wire/shape.ts";
import { ShapeError } from "../../wire/shape.ts";
import { Problem } from "../http/problem.ts";

/** The context in which requests are answered. */
export interface ApiContext {
  /** Where threads are looked for, and the key by which requests to them are signed. */
  readonly targets: Targets;
  /** Who changes something, as far as it is known. */
  readonly by: string | undefined;
  /** Called when something has been changed. */
  readonly onChange: () => void;
  /** Aborted when the server ends, which ends answers that would go on. */
  readonly ended: AbortSignal;
}

/** A request of the page: how it is answered. */
export interface Route {
  /** Whether it changes something, so that a read-only server refuses it. */
  readonly changes: boolean;
  /** Answers it. */
  readonly run: (body: unknown, context: ApiContext) => Promise<Response>;
}

/**
 * Reads the body of a request.
 *
 * @throws {Problem} A field is of another kind.
 */
export function readRequest<T>(read: Read<T>, body: unknown): T {
  try {
    return read(body, "");
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new Problem(
      400,
      error.message.replace(/^its answer makes no sense/, "Cannot read the request"),
    );
  }
}
