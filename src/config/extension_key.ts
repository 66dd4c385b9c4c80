/** Section of a `.conf`, and key of a dict, that is ours and that CPython passes over. */
export const EXTENSIONS = "logdial";
