import ts from "npm:typescript@5.9.3";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  declaration: true,
  isolatedDeclarations: true,
  allowImportingTsExtensions: true,
};

/** A method named by a symbol, which TypeScript declares once more as a property. */
const SYMBOL_PROPERTY = /(\n\s*\/\*\*[^\n]*\*\/)?\n\s*\[Symbol\.\w+\]: \(\) => [^;]+;/g;

/**
 * What a module declares, with the comments: the types and the documentation of the package. Each
 * module is read by itself.
 *
 * @throws {Error} Something that it exports has no explicit type.
 */
export function declareTypes(source: string, name: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(source, {
    fileName: name,
    reportDiagnostics: true,
    compilerOptions: OPTIONS,
  });
  const [first] = diagnostics;
  if (first !== undefined) {
    const { line } = ts.getLineAndCharacterOfPosition(first.file!, first.start!);
    const message = ts.flattenDiagnosticMessageText(first.messageText, " ");
    throw new Error(`Cannot declare the types of ${name}, line ${line + 1}: ${message}`);
  }
  return outputText
    .replace(SYMBOL_PROPERTY, "")
    // What a module loads for its effects declares nothing.
    .replace(/^import "[^"]*";\n/gm, "")
    .replace(/\b(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.d.ts"');
}
