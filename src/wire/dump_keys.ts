/** What a dump adds to a record; a field that a program calls so has a `_` behind it. */
export const DUMP_KEYS: readonly string[] = ["levelno", "thread", "pid"];
