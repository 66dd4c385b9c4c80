/**
 * The lines of a `.conf` with more options, right below the section's header, which is on `line`.
 */
export function insertOptions(
  lines: readonly string[],
  line: number,
  options: readonly (readonly [name: string, value: string])[],
): string[] {
  // A line that is indented more than the option before it would go on with that option.
  const deepest = lines.reduce((most, line) => Math.max(most, /^\s*/.exec(line)![0].length), 0);
  const indent = " ".repeat(deepest);
  const added = options.map(([name, value]) =>
    `${indent}${name} = ${value.replaceAll("\n", `\n ${indent}`)}`
  );
  return [...lines.slice(0, line), ...added, ...lines.slice(line)];
}
