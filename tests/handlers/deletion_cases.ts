import { TimedRotatingFileHandler } from "../../src/handlers/files/timed_rotating_file_handler.ts";
import { inFolder } from "./in_folder.ts";

/** A folder, and a handler that is asked which of its files are too many. */
export interface DeletionCase {
  readonly base: string;
  readonly when: string;
  readonly backupCount: number;
  readonly namer: keyof typeof NAMERS | null;
  readonly names: readonly string[];
}

/** Ways to name a backup, as people have them. */
const NAMERS = {
  same: (name: string) => name,
  gz: (name: string) => `${name}.gz`,
  first: (name: string) => name.replace(/([^/]*)\.([^.]*)$/, "$2.$1"),
  extension: (name: string) => name.replace(/(?<=[^/])(\.[^./]*)\.([^.]*)$/, ".$2$1"),
};

const NAMES = [
  ...["2024-01-01.app.log", "2024-01-02.app.log", "2024-01-02_10.app.log", "2024-01-03.app.logs"],
  ...["app.log.2024-01-05.gz", "app.log.2024-01-06_10.gz", "app.log.2024-01-07_10", "app.log.1"],
  ...["app.2024-01-04.log", "app.2024-01-05_10-11-12.log", "app.12024-01-05.log", "app.log.audit"],
  ...["app.log.audit.2024-01-01", "app.log.2024-01-01-2024-01-02", "app.tar.2024-01-01.gz"],
  ...["app.log.2024-01-01", "app.log.2024-01-02", "app.log.2024-01-03", "app.log.2024-01-04.gz"],
  ...["app.2024-01-01.log", "app.2024-01-02.log", "app.2024-01-03_10.log", "app.log.2024-01-03_11"],
  ...["app.log.2024-01-01_10-11-12", "application.log.2024-01-01", "app.logs.2024-01-01"],
  ...["app.log.x.2024-01-01", "app", "app.log.2024-1-1", ".app.2024-01-01", "b.2024-01-05.log"],
  ...[
    "app.log.2024-01-01x",
    "app.log.٢٠٢٤-01-01",
    "app.tar.gz.2024-01-09",
    "app.tar.2024-01-08.gz",
  ],
];

/** All cases. */
export const DELETION_CASES: DeletionCase[] = ["app.log", "app", ".app", "app.tar.gz"].flatMap((
  base,
) =>
  ["D", "H", "S"].flatMap((when) =>
    [1, 2, 5].flatMap((backupCount) =>
      ([null, "same", "gz", "first", "extension"] as const).map((namer) => ({
        base,
        when,
        backupCount,
        namer,
        names: NAMES,
      }))
    )
  )
);

/** Answers them by CPython. */
export const DELETION_PROGRAM = `
import json, logging.handlers, os, tempfile
def first(name):
    folder, base = os.path.split(name)
    stem, stamp = base.rsplit(".", 1)
    return os.path.join(folder, stamp + "." + stem)
def extension(name):
    stem, stamp = name.rsplit(".", 1)
    stem, extension = os.path.splitext(stem)
    return stem + "." + stamp + extension
namers = {"same": lambda name: name, "gz": lambda name: name + ".gz", "first": first,
    "extension": extension}
results = []
for case in json.load(sys.stdin):
    with tempfile.TemporaryDirectory() as folder:
        for name in case["names"]: open(os.path.join(folder, name), "w").close()
        handler = logging.handlers.TimedRotatingFileHandler(
            os.path.join(folder, case["base"]), case["when"], 1, case["backupCount"], delay=True)
        handler.namer = namers.get(case["namer"])
        results.append([os.path.basename(name) for name in handler.getFilesToDelete()])
print(json.dumps(results))
`;

/** Answers a case by this library. */
export async function filesToDelete(one: DeletionCase): Promise<string[]> {
  const { base, when, backupCount, namer, names } = one;
  let found: string[] = [];
  await inFolder((folder) => {
    for (const name of names) Deno.writeTextFileSync(`${folder}/${name}`, "");
    const path = `${folder}/${base}`;
    const handler = new TimedRotatingFileHandler(path, when, 1, backupCount, null, true);
    if (namer !== null) handler.namer = NAMERS[namer];
    found = handler.getFilesToDelete().map((path) => path.slice(folder.length + 1));
  })();
  return found;
}
