/** A name of Python's, and what the tables of `coming_from_python.md` say of it. */
export interface NameRow {
  /** The class that it is a member of, undefined for a name of a module. */
  readonly owner: string | undefined;
  readonly name: string;
  readonly here: "same" | "differs" | "not here";
  /** How it differs, or why it is not here. */
  readonly how: string;
}

/** The tables below "Every name". */
export async function readNameTables(): Promise<NameRow[]> {
  const url = new URL("../../examples/coming_from_python.md", import.meta.url);
  const text = await Deno.readTextFile(url);
  const tables = text.slice(text.indexOf("\n## Every"), text.indexOf("\n## Names that"));
  const rows: NameRow[] = [];
  let section: string | undefined;
  for (const line of tables.split("\n")) {
    // "### logging.Logger" is of a class, "### logging: functions" and "### logging.config" are not.
    const heading = /^### (.*)$/.exec(line)?.[1];
    if (heading !== undefined) section = /^logging\.([A-Z]\w*)$/.exec(heading)?.[1];
    const [, names, here, how] = /^\| (`.*?) +\| (\w[\w ]*?) +\| (.*?) *\|$/.exec(line) ?? [];
    if (names === undefined) continue;
    const [, of, members = names] = /^`(\w+)`: (.*)$/.exec(names) ?? [];
    for (const [, name] of members.matchAll(/`(\w+)`/g)) {
      const isClass = of === undefined && /^[A-Z][a-z]/.test(name!);
      const owner = isClass ? undefined : of ?? section;
      rows.push({ owner, name: name!, here: here as NameRow["here"], how: how! });
    }
  }
  return rows;
}
