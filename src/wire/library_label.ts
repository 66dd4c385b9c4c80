/**
 * A logger's name for people, with the library that writes its lines: `pino:http`. If the name begins
 * with the library, that is not repeated: `pino.http` is `pino:http` as well.
 */
export function labelOf(name: string, kind: string | undefined): string {
  if (kind === undefined || name === kind) return name;
  return `${kind}:${name.startsWith(`${kind}.`) ? name.slice(kind.length + 1) : name}`;
}
