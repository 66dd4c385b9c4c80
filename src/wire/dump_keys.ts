/** Keys that a dump adds to a record; a program's field with such a name gets a `_` behind it. */
export const DUMP_KEYS: readonly string[] = ["levelno", "thread", "pid"];
