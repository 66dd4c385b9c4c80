import { checkOptions, isText } from "../core/errors/check_options.ts";

/**
 * The name under which a library is bridged: that of the options, or its own.
 *
 * @throws {TypeError} An unknown option, or a name that is no text.
 */
export function bridgeName(options: { readonly name?: string }, kind: string): string {
  checkOptions("bridge", options, { name: isText });
  return options.name ?? kind;
}
