import { fields, type Read, text } from "../wire/shape.ts";
import type { Halt } from "./rollout.ts";

/** Longest text of a halt that is believed. */
const LONGEST = 500;

const readFields: Read<Halt> = fields<Halt>({
  id: text(LONGEST),
  reason: text(LONGEST),
  host: text(LONGEST),
});

/**
 * Reads why a rollout was stopped.
 *
 * @throws {ShapeError} It is something else.
 */
export function readHalt(json: unknown): Halt {
  return readFields(json, "");
}
