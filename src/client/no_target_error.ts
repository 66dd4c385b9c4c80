/** Nobody listens who was meant. */
export class NoTargetError extends Error {
  /** Name of the class. */
  override readonly name = "NoTargetError";
}
