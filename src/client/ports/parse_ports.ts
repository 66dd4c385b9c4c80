import { DEFAULT_PORTS, type PortRange } from "../../hub/board/attach_options.ts";

/** The ports that are scanned unless others are asked for. */
export const DEFAULT_PORT_TEXT: string = DEFAULT_PORTS.join("-");

/**
 * Reads a list of ports and ranges such as `9001-9029,9100`, each as a range.
 *
 * @throws {RangeError} Something that is neither, with the part.
 */
export function parsePorts(text: string): PortRange[] {
  return text.split(",").map((part) => {
    const [, first = "", last = first] = /^\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?\s*$/.exec(part) ?? [];
    const from = Number(first), to = Number(last);
    if (first === "" || from < 1 || to > 65_535 || from > to) {
      throw new RangeError(
        `Cannot read ports "${text}": "${part}" is not a port from 1 to 65535 or a range of them`,
      );
    }
    return [from, to];
  });
}
