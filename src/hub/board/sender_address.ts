/**
 * The address of a sender in `address:port`, or in a text with that in brackets behind it.
 * The port is another one with every connection.
 */
export function addressOf(by: string): string {
  const place = /\(([^()]*)\)$/.exec(by)?.[1] ?? by;
  const end = place.lastIndexOf(":");
  return end < 0 ? place : place.slice(0, end);
}
