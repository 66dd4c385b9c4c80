import { reasonOf } from "../../core/values/thrown.ts";

/** Why a hub does not serve a thread, as it says it on the thread's board. */
interface Refusal {
  readonly refused: string;
  /** Name of the error's class in `Deno.errors`, if it has one there. */
  readonly kind: string | undefined;
}

/** Puts into words why a thread is not served. */
export function writeRefusal(error: unknown): string {
  const kinds = Object.entries(Deno.errors);
  const kind = kinds.find(([, type]) => error instanceof type)?.[0];
  const refusal: Refusal = { refused: reasonOf(error), kind };
  return JSON.stringify(refusal);
}

/** The refusal as an error of the class that the hub has caught. */
export function readRefusal(text: string): Error {
  const { refused, kind } = JSON.parse(text) as Refusal;
  const found = Object.entries(Deno.errors).find(([name]) => name === kind);
  const Kind = (found?.[1] ?? Error) as ErrorConstructor;
  return new Kind(refused);
}
