/** A host, or a host with a port, as Deno's permissions name it. */
export function netHost(hostname: string, port?: number): string {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return port === undefined ? host : `${host}:${port}`;
}
