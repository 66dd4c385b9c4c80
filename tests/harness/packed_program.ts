/** The package that programs under test import in place of the sources. */
export interface PackedProgram {
  /** Where it is served. */
  readonly host: string;
  /** Path of an import map that leads from the sources' entries to the package's. */
  readonly importMap: string;
  /** The package's entries, by the paths of their sources in the project. */
  readonly entries: Readonly<Record<string, string>>;
}

/** Variable with which `deno task test:dist` says where the package is. */
export const PACKED_PROGRAM = "PACKED_PROGRAM";

/** The package under test; undefined where the sources are. */
export function packedProgram(): PackedProgram | undefined {
  const text = Deno.env.get(PACKED_PROGRAM);
  return text === undefined ? undefined : JSON.parse(text) as PackedProgram;
}
