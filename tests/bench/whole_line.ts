const TEXT =
  /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[,.]\d{3}Z? - app\.db - (INFO|info) - Got HTTP response 200\.$/;

/** Whether it is one line as the peers print them, and nothing is missing or mixed in. */
export function isWhole(line: string): boolean {
  if (!line.startsWith("{")) return TEXT.test(line);
  try {
    const { msg, message } = JSON.parse(line);
    return typeof (msg ?? message) === "string";
  } catch {
    return false;
  }
}
