import type { Targets } from "../../client/targets.ts";
import type { Read } from "../../wire/shape.ts";
import { ShapeError } from "../../wire/shape.ts";
import { Problem } from "../http/problem.ts";

/** What a request is answered with. */
export interface ApiContext {
  /** Where threads are looked for, and what is sent to them signed with. */
  readonly targets: Targets;
  /** Who changes something, as far as it is known. */
  readonly by: string | undefined;
  /** Told when something has been changed. */
  readonly onChange: () => void;
  /** Aborted when the server ends: answers that would go on end with it. */
  readonly ended: AbortSignal;
}

/** Something that the page asks for. */
export interface Route {
  /** Whether it changes something, so that a server that may only be read refuses it. */
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
    throw new Problem(400, error.message.replace(/^its answer makes no sense/, "Cannot read it"));
  }
}
