import { quoteWord } from "../../core/text/quote_word.ts";
import { visible } from "../../core/text/visible.ts";
import type { Targets } from "../../client/targets.ts";
import { chosenRow, listRows } from "./list_rows.ts";
import type { SeenThread, TopModel, TopSetup } from "./model.ts";

/** Whom something is for: by one request, and as the words of a command that does the same. */
export interface Aim {
  readonly targets: Targets;
  readonly words: readonly string[];
  /** Ports that it goes to; undefined for all. */
  readonly ports: readonly number[] | undefined;
}

/** The threads that the next key is for. */
export function aimsOf(model: TopModel): Aim[] {
  const { setup, isForAll, filter } = model, row = chosenRow(model);
  if (row === undefined) return [];
  if (!isForAll) return [aimAt([row.thread], setup)];
  // Threads that come later are meant too, unless it is for some only.
  if (filter === "") return [{ targets: setup.targets, words: setup.words, ports: undefined }];
  const threads = new Set(listRows(model).map(({ thread }) => thread));
  const alone = [...threads].filter(({ isFollower }) => isFollower);
  const leading = [...threads].filter(({ isFollower }) => !isFollower);
  return [
    ...leading.length === 0 ? [] : [aimAt(leading, setup)],
    ...alone.map((one) => aimAt([one], setup)),
  ];
}

/** An option with its value, as it is read also if the value looks like an option. */
export function optionOf(option: string, value: string): string[] {
  return value.startsWith("-") ? [`${option}=${value}`] : [option, value];
}

/** A command as a shell takes it. */
export function commandLine(words: readonly string[]): string {
  return ["logdial", ...words].map(quoteWord).join(" ");
}

/** Threads with ports of their own, or one that has none and is known by its name. */
export function aimAt(threads: readonly SeenThread[], { targets, words }: TopSetup): Aim {
  const [first] = threads as readonly [SeenThread];
  const host = optionWords(words, ["--host"]);
  if (first.isFollower && first.status !== undefined) {
    const pid = first.status.pid;
    // What cannot be typed is left open.
    const name = Array.from(first.status.name, (one) => visible(one) === one ? one : "*").join("");
    const place = optionWords(words, ["--ports", "--port"]);
    return {
      targets: { ...targets, name, pid },
      words: [...host, ...place, ...optionOf("--name", name), "--pid", String(pid)],
      ports: [first.port],
    };
  }
  const ports = threads.map(({ port }) => port);
  const { name: _, pid: __, app: ___, ports: ____, port: _____, ...rest } = targets;
  const isOne = ports.length === 1;
  return {
    targets: { ...rest, ports: ports.map((port) => [port, port] as const) },
    words: [...host, isOne ? "--port" : "--ports", ports.join(",")],
    ports,
  };
}

/** Options of a command with their values, of which only those of these names. */
function optionWords(words: readonly string[], names: readonly string[]): string[] {
  return words.filter((word, at) => names.includes(word) || names.includes(words[at - 1] ?? ""));
}
