/** Nobody listens who was meant. */
export class NoTargetError extends Error {
  override readonly name = "NoTargetError";
}
