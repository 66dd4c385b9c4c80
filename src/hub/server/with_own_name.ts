import type { Board } from "../board/board.ts";
import type { AttachRequest } from "./attach_channel.ts";

/** The name of main threads, of which `deno serve --parallel` starts several in one process. */
const MAIN_NAME = "MainProcess";

/**
 * The request of a main thread under a name of its own, `MainProcess-2` and so on, if others of the
 * process have its name already. The thread finds its number on its board.
 */
export function withOwnName(
  request: AttachRequest,
  board: Board,
  threads: Iterable<{ readonly name: string }>,
): AttachRequest {
  if (request.name !== MAIN_NAME) return request;
  const taken = new Set(Array.from(threads, ({ name }) => name));
  let name = MAIN_NAME, number = 1;
  while (taken.has(name)) name = `${MAIN_NAME}-${++number}`;
  board.number = number;
  const { recorded } = request;
  return { ...request, name, recorded: recorded && { ...recorded, name } };
}
