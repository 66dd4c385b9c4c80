import { ConfigError } from "../../core/errors/config_error.ts";
import { mayBeDict } from "../text/config_text.ts";
import { readExtensions, withoutExtensions } from "../text/extensions.ts";
import { ExplainedText } from "./explained_text.ts";
import type { Finding } from "./finding.ts";
import { type KeyPlaces, locateInJson, locateInYaml, placeOf } from "./locate_keys.ts";
import { type TrialOptions, tryBuild } from "./try_build.ts";
import { unknownDictKeys, unknownWords } from "./unknown_words.ts";

/**
 * Tells everything that is wrong with a configuration, what only a program can know, and what looks
 * misspelt, in the order of the lines. Lines are those of `shown`, if the text was made from that.
 */
export function explainConfig(
  text: string,
  defaults: Readonly<Record<string, string>> = {},
  shown: string = text,
  options: TrialOptions = {},
): Finding[] {
  const source = new ExplainedText(text);
  const findings = [...problemsOf(source, defaults, options), ...warnings(source)];
  const all = mayBeDict(text) ? placeInDict(findings, source, text, shown) : findings;
  return all.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function problemsOf(
  source: ExplainedText,
  defaults: Readonly<Record<string, string>>,
  options: TrialOptions,
): Finding[] {
  const findings: Finding[] = [];
  const add = (error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    findings.push(source.findingOf(error));
  };
  try {
    let parsed = source.parse();
    try {
      readExtensions(parsed);
    } catch (error) {
      add(error);
      // What is wrong there is told once, and hides nothing of the rest.
      parsed = withoutExtensions(parsed);
    }
    for (const { error, severity, isForProgram } of tryBuild(parsed, defaults, options)) {
      const finding = source.findingOf(error, severity);
      findings.push(isForProgram ? { ...finding, isForProgram } : finding);
    }
  } catch (error) {
    add(error);
  }
  return findings;
}

/** Adds the line to a finding in a dict, which is read without lines. */
function placeInDict(
  findings: readonly Finding[],
  { parsed }: ExplainedText,
  text: string,
  shown: string,
): Finding[] {
  if (shown !== text) return placed(findings, locateInYaml(shown));
  // The error of a text that cannot be parsed has its place already.
  if (parsed === undefined) return [...findings];
  const doubled: Finding[] = [];
  // JSON accepts a doubled key in silence, while INI and YAML refuse it.
  const places = locateInJson(text, ({ path, key, before, line, column }) => {
    const reason = `Key "${key}" stands twice, and what stands at line ${before} counts no more`;
    doubled.push({ severity: "warning", reason, section: path || undefined, key, line, column });
  });
  return [...placed(findings, places), ...doubled];
}

function placed(findings: readonly Finding[], places: KeyPlaces): Finding[] {
  return findings.map((finding) =>
    finding.line !== undefined
      ? finding
      : { ...finding, ...placeOf(places, finding.section, finding.key) }
  );
}

function warnings({ parsed, document }: ExplainedText): Finding[] {
  if (document !== undefined) return unknownWords(document);
  return parsed?.kind === "dict" ? unknownDictKeys(parsed.dict) : [];
}
