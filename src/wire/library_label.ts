/**
 * A logger's name for people, with the library that writes its lines: `pino:http`. One that is
 * named after it already is told without that: `pino.http` is `pino:http` too.
 */
export function labelOf(name: string, kind: string | undefined): string {
  if (kind === undefined || name === kind) return name;
  return `${kind}:${name.startsWith(`${kind}.`) ? name.slice(kind.length + 1) : name}`;
}
