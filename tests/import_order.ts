import { readModuleGraph } from "./harness/module_graph.ts";
import { PROJECT } from "./harness/project.ts";

/**
 * Rooms of the project, lowest first: a file imports from its own room or from lower ones.
 * A room that is not listed here is above all others, so that nothing may import from it.
 */
export const LAYERS = [
  "src/core/values/",
  "src/core/runtime/",
  "src/core/errors/",
  "src/core/python/",
  "src/core/text/",
  "src/core/io/",
  "src/core/shared/",
  "src/core/format/",
  "src/core/levels/",
  "src/core/records/",
  "src/core/filters/",
  "src/core/formatters/",
  "src/core/handlers/",
  "src/core/loggers/",
  "src/filters/",
  "src/handlers/",
  "src/handlers/encoding/",
  "src/handlers/files/",
  "src/handlers/network/",
  "src/handlers/otlp/",
  "src/handlers/queues/",
  "src/handlers/rings/",
  "src/config/spec/",
  "src/config/literal/",
  "src/config/ini/",
  "src/config/dict/",
  "src/config/otel/",
  "src/config/text/",
  "src/config/familiar/",
  "src/config/build/",
  "src/config/apply/",
  "src/config/describe/",
  "src/config/check/",
  "src/config/types/",
  "src/config/",
  "src/wire/",
  "src/hub/board/",
  "src/hub/rings/",
  "src/hub/watch/",
  "src/hub/dump/",
  "src/hub/connections/",
  "src/hub/server/",
  "src/hub/life/",
  "src/hub/thread/",
  "src/hub/",
  "src/client/ports/",
  "src/client/",
  "src/web/http/",
  "src/web/live/",
  "src/web/api/",
  "src/web/actuator/",
  "src/web/page/",
  "src/web/server/",
  "src/fleet/nats/",
  "src/fleet/",
  "src/testing/",
  "src/bridge/back/",
  "src/bridge/",
  "src/",
  "src/cli/printing/",
  "src/cli/arguments/",
  "src/cli/answers/",
  "src/cli/top/",
  "src/cli/mcp/",
  "src/cli/fleet/",
  "src/cli/commands/",
  "src/cli/",
  "workers/",
  "mod.ts",
];

/** Stand-ins for the `@std` packages: whoever may import those may import these. */
const STAND_INS = "deps/";

/** Who imports whom, by path inside the project. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of the modules reachable from `entries`. */
export async function readImports(
  entries: readonly string[],
  flags: readonly string[],
): Promise<Imports> {
  const root = PROJECT.href;
  const imports = new Map<string, string[]>();
  for (const entry of entries) {
    const { modules } = await readModuleGraph(entry, flags);
    for (const { specifier, dependencies = [] } of modules) {
      if (!specifier.startsWith(root)) continue;
      const targets = dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
        .filter((target) => target !== undefined && target.startsWith(root))
        .map((target) => target!.slice(root.length))
        .filter((target) => !target.startsWith(STAND_INS));
      imports.set(specifier.slice(root.length), [...new Set(targets)]);
    }
  }
  return imports;
}

/** The imports that go up, as lines for a person. */
export function findUpward(imports: Imports): string[] {
  const found: string[] = [];
  for (const [file, targets] of imports) {
    for (const target of targets) {
      if (layerOf(target) > layerOf(file)) found.push(`${file} imports ${target}, a higher layer`);
    }
  }
  return found;
}

/** The first circle of imports, as a line for a person. */
export function findCircle(imports: Imports): string | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const circle = visit(target, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** A room holds the files right in its folder, not those of the rooms in it. */
function layerOf(file: string): number {
  const layer = LAYERS.indexOf(file.slice(0, file.lastIndexOf("/") + 1) || file);
  return layer < 0 ? LAYERS.length : layer;
}
