/**
 * The contents of a `Request`, a `Response` or `Headers` as a plain object; undefined for all else.
 * Their properties are all inherited, so that nothing would be shown of them.
 */
export function webFields(value: object): Record<string, unknown> | undefined {
  // Not `instanceof`, for which the runtime would load classes that the program may not use.
  switch (Object.prototype.toString.call(value)) {
    case "[object Headers]":
      return headerFields(value as Headers);
    case "[object Request]": {
      const { method, url, headers } = value as Request;
      return { method, url, headers: headerFields(headers) };
    }
    case "[object Response]": {
      const { status, statusText, url, headers } = value as Response;
      const shown: Record<string, unknown> = { status };
      if (statusText !== "") shown.statusText = statusText;
      if (url !== "") shown.url = url;
      return { ...shown, headers: headerFields(headers) };
    }
    default:
      return undefined;
  }
}

/** Headers by name; a header that stands several times, as `set-cookie` may, is a list. */
function headerFields(headers: Headers): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of headers) {
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else fields[name] = [known, value];
  }
  return fields;
}
