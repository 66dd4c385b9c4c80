/**
 * The contents of a `Request`, a `Response`, `Headers`, `FormData`, a `Blob` or a `File` as a plain
 * object; undefined for all else. Their properties are all inherited, so that nothing would be shown
 * of them. Of blobs and files the bytes are not read.
 */
export function webFields(value: object): Record<string, unknown> | undefined {
  // Not `instanceof`, for which the runtime would load classes that the program may not use.
  switch (Object.prototype.toString.call(value)) {
    case "[object Headers]":
      return entryFields(value as Headers);
    case "[object FormData]":
      return entryFields(value as FormData);
    case "[object Blob]": {
      const { size, type } = value as Blob;
      return { size, type };
    }
    case "[object File]": {
      const { name, size, type } = value as File;
      return { name, size, type };
    }
    case "[object Request]": {
      const { method, url, headers } = value as Request;
      return { method, url, headers: entryFields(headers) };
    }
    case "[object Response]": {
      const { status, statusText, url, headers } = value as Response;
      const shown: Record<string, unknown> = { status };
      if (statusText !== "") shown.statusText = statusText;
      if (url !== "") shown.url = url;
      return { ...shown, headers: entryFields(headers) };
    }
    default:
      return undefined;
  }
}

/** Entries by name; one that stands several times, as the header `set-cookie` may, is a list. */
function entryFields(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of entries) {
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[name] = [known, value];
  }
  return fields;
}
