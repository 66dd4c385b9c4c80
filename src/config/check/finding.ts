/** Something to say about a configuration. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** What is wrong. */
  readonly reason: string;
  /** Section of a `.conf`, or path in a dict. */
  readonly section?: string;
  /** Key in there. */
  readonly key?: string;
  /** 1-based line of the text. */
  readonly line?: number;
  /** 1-based column in the line, in code points. */
  readonly column?: number;
  /** A hint, such as a name that may have been meant. */
  readonly hint?: string;
  /** Whether a program can make it right by registering a name. */
  readonly isForProgram?: true;
}
