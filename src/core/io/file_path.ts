/**
 * The path that a `file:` URL names: the URL's own `pathname` has `%20` where the path has
 * a space.
 */
export function filePath({ pathname }: URL): string {
  const path = decode(pathname);
  return Deno.build.os === "windows" ? path.replace(/^\/(?=[a-zA-Z]:)/, "") : path;
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    // A stray % in a file's name: the encoded form still names it.
    return pathname;
  }
}
