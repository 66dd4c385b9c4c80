import { Recent } from "../../core/text/recent.ts";
import type { ResolveName } from "../spec/config_spec.ts";
import { excerpt } from "../spec/excerpt.ts";
import { numberOperation, operandRule, PRECEDENCE } from "./literal_arithmetic.ts";
import { LiteralError, NO_CODE, unregistered } from "./literal_error.ts";
import { KEYWORDS, type Token, tokenize } from "./literal_tokens.ts";
import { hashOf, type Operand, operandOf, other, plain, tuple } from "./literal_values.ts";
import { PureContainer, PureFunction, RefusedName, TEXT_FORMAT } from "./pure_names.ts";

/** How deep an expression may nest; in CPython about 200 levels deep. */
const DEEPEST = 50;

const PUNCTUATION = /^[,:)\]}]$/;

const SIGNS: readonly string[] = ["-", "+", "~"];

const TOKENS = new Recent<readonly Token[]>();

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);

/** Reads one expression; made for one text. */
export class LiteralParser {
  readonly #text: string;
  readonly #resolveName: ResolveName;
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  /** Tokenizes the text. */
  constructor(text: string, resolveName: ResolveName) {
    this.#text = text;
    this.#resolveName = resolveName;
    this.#tokens = TOKENS.get(text, () => tokenize(text));
  }

  /** The value of the whole text. */
  parse(): unknown {
    if (this.#peek().type === "end") this.#fail("it is empty");
    const value = this.#listOrOne("end");
    if (this.#peek().type !== "end") this.#unexpected();
    return plain(value);
  }

  #peek(): Token {
    return this.#tokens[this.#position] ??
      { type: "end", index: this.#text.length };
  }

  #at(operator: string): boolean {
    const token = this.#peek();
    return token.type === "op" && token.text === operator;
  }

  #take(operator: string): boolean {
    const found = this.#at(operator);
    if (found) this.#position++;
    return found;
  }

  #fail(reason: string, index = this.#peek().index): never {
    throw new LiteralError(reason, this.#text, index);
  }

  #unexpected(): never {
    const token = this.#peek();
    if (token.type === "end") this.#fail("a value is missing at the end");
    const next = this.#tokens[this.#position + 1]?.index ?? this.#text.length;
    const found = this.#text.slice(token.index, next).trimEnd();
    const rule = PUNCTUATION.test(found) ? "" : `: ${NO_CODE}`;
    this.#fail(`unexpected ${excerpt(found)}${rule}`);
  }

  /** Reads one level deeper; every recursion goes through here, so that depth is bounded. */
  #nested<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) {
      this.#fail(`it nests deeper than ${DEEPEST} levels`);
    }
    const value = read();
    this.#depth--;
    return value;
  }

  /** An expression, or with a comma the items of a tuple, up to `end`. */
  #listOrOne(end: string): Operand {
    if (end === ")") this.#refuseNamed();
    const first = this.#expression();
    if (!this.#at(",")) return first;
    const items = [plain(first)];
    while (this.#take(",") && !this.#at(end) && this.#peek().type !== "end") {
      this.#refuseNamed();
      items.push(plain(this.#expression()));
    }
    return tuple(items);
  }

  /** Refuses `name=value` in a tuple, which looks like the arguments of a call. */
  #refuseNamed(): void {
    const name = this.#argumentName();
    if (name === undefined) return;
    const way = `kwargs={'${name}': …}`;
    this.#fail(`a tuple has no ${excerpt(`${name}=`)}, name arguments by ${way}`);
  }

  /** The name of a `name=` that comes next. */
  #argumentName(): string | undefined {
    const token = this.#peek(), next = this.#tokens[this.#position + 1];
    const isNamed = token.type === "name" && next?.type === "op" && next.text === "=";
    return isNamed ? token.text : undefined;
  }

  #expression(lowest = 1): Operand {
    let left = this.#unary();
    for (;;) {
      const token = this.#peek();
      const precedence = token.type === "op" ? PRECEDENCE.get(token.text) : undefined;
      if (
        token.type !== "op" || precedence === undefined || precedence < lowest
      ) return left;
      this.#position++;
      const right = this.#expression(precedence + 1);
      left = this.#operate(token.text, left, right, token.index);
    }
  }

  #unary(): Operand {
    const token = this.#peek(), { index } = token;
    if (token.type !== "op" || !SIGNS.includes(token.text)) return this.#power();
    const operator = token.text;
    this.#position++;
    const operand = this.#nested(() => this.#unary());
    if (operand.type === "float" && operator !== "~") {
      return { type: "float", value: operator === "-" ? -operand.value : operand.value };
    }
    if (operand.type !== "int") this.#fail(operandRule(operator), index);
    if (operator === "+") {
      return this.#operate("+", { type: "int", value: 0n }, operand, index);
    }
    const from = { type: "int", value: operator === "~" ? -1n : 0n } as const;
    return this.#operate("-", from, operand, index);
  }

  #power(): Operand {
    const base = this.#atom();
    const { index } = this.#peek();
    if (!this.#take("**")) return base;
    return this.#operate("**", base, this.#nested(() => this.#unary()), index);
  }

  #operate(operator: string, left: Operand, right: Operand, index: number): Operand {
    if (typeof left.value === "string") {
      const text = this.#operateOnText(operator, left.value, right, index);
      if (text !== undefined) return other(text);
    }
    try {
      return numberOperation(operator, left, right);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fail(error.message, index);
    }
  }

  /** Puts texts together by `+`, or fills one in by `%`. */
  #operateOnText(operator: string, left: string, right: Operand, index: number): unknown {
    if (operator === "%" && this.#resolveName(TEXT_FORMAT) !== undefined) {
      const { value } = this.#resolve(TEXT_FORMAT, index);
      if (value instanceof PureFunction) {
        return this.#attempt(TEXT_FORMAT, index, () => value.call([left, plain(right)], new Map()));
      }
    }
    if (operator !== "+") return undefined;
    if (typeof right.value === "string") return left + right.value;
    this.#fail('"+" joins a text only with another text', index);
  }

  #atom(): Operand {
    const atom = this.#nested(() => this.#bareAtom());
    if (this.#at("(") || this.#at("[") || this.#at(".")) this.#unexpected();
    return atom;
  }

  #bareAtom(): Operand {
    const token = this.#peek();
    if (token.type === "end") this.#unexpected();
    if (token.type === "name") return this.#name();
    if (token.type === "string" || token.type === "bytes") {
      return this.#strings(token);
    }
    if (this.#take("(")) return this.#parenthesized();
    if (this.#take("[")) return other(this.#items("]"));
    if (this.#take("{")) return other(this.#dictOrSet());
    if (token.type === "op") this.#unexpected();
    this.#position++;
    return token;
  }

  /** Reads a text or bytes; adjacent literals are one. */
  #strings(first: Token & { type: "string" | "bytes" }): Operand {
    const values: (string | Uint8Array)[] = [];
    for (
      let token = this.#peek();
      token.type === "string" || token.type === "bytes";
    ) {
      if (token.type !== first.type) {
        this.#fail("strings and bytes cannot be joined");
      }
      values.push(token.value);
      this.#position++;
      token = this.#peek();
    }
    if (first.type === "string") return other(values.join(""));
    return other(
      Uint8Array.from(values.flatMap((value) => [...value as Uint8Array])),
    );
  }

  #name(): Operand {
    const { index } = this.#peek();
    const parts = [this.#identifier(CONSTANTS)];
    const constant = CONSTANTS.get(parts[0] ?? "");
    if (constant !== undefined) return other(constant);
    if (parts[0] === "dict" && this.#take("(")) return other(this.#dictCall());
    if (parts[0] === "tuple" && this.#take("(")) {
      return this.#take(")") ? tuple([]) : this.#fail(`tuple() takes nothing: ${NO_CODE}`, index);
    }

    while (this.#take(".")) parts.push(this.#identifier());
    const name = parts.join(".");
    const { value } = this.#resolve(name, index);
    if (value instanceof PureFunction) {
      if (!this.#take("(")) this.#fail(`${name} has to be called, ${name}()`, index);
      const { args, kwargs } = this.#arguments();
      return operandOf(this.#attempt(name, index, () => value.call(args, kwargs)));
    }
    if (value instanceof PureContainer) {
      if (!this.#take("[")) this.#fail(`only single items of ${name} can be used`, index);
      const key = plain(this.#expression());
      if (!this.#take("]")) this.#unexpected();
      return operandOf(this.#attempt(name, index, () => value.item(key)));
    }
    if (this.#at("(")) this.#fail(`${excerpt(name)} cannot be called: ${NO_CODE}`, index);
    // One may reckon with a registered number as with one that is written: `DEBUG - 5`.
    return Number.isSafeInteger(value) ? operandOf(value) : other(value);
  }

  #resolve(name: string, index: number): { value: unknown } {
    const found = this.#resolveName(name);
    if (found?.value instanceof RefusedName) this.#fail(found.value.reason, index);
    if (found !== undefined) return found;
    if (this.#at("(")) this.#fail(`${excerpt(name)} cannot be called: ${NO_CODE}`, index);
    throw new LiteralError(unregistered(name), this.#text, index, name);
  }

  /** Carries out one of the few functions that there are. */
  #attempt(name: string, index: number, does: () => unknown): unknown {
    try {
      return does();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const kind = error.name.endsWith("Error") && error.name !== "Error" ? `${error.name}: ` : "";
      this.#fail(`${name}: ${kind}${error.message}`, index);
    }
  }

  #identifier(allowed?: ReadonlyMap<string, unknown>): string {
    const token = this.#peek();
    if (token.type !== "name") this.#unexpected();
    if (KEYWORDS.has(token.text) && !allowed?.has(token.text)) {
      this.#unexpected();
    }
    this.#position++;
    return token.text;
  }

  #parenthesized(): Operand {
    if (this.#take(")")) return tuple([]);
    const value = this.#listOrOne(")");
    if (!this.#take(")")) this.#unexpected();
    return value;
  }

  #items(end: string): unknown[] {
    const items: unknown[] = [];
    while (!this.#take(end)) {
      items.push(plain(this.#expression()));
      if (!this.#take(",") && !this.#at(end)) this.#unexpected();
    }
    return items;
  }

  #dictOrSet(): Map<unknown, unknown> | Set<unknown> {
    const dict = new Map<unknown, unknown>();
    const keys = new Map<string, unknown>();
    let isSet = false;
    for (let first = true; !this.#take("}"); first = false) {
      const { index } = this.#peek();
      const key = plain(this.#expression());
      const hash = hashOf(key);
      if (hash === undefined) {
        this.#fail(
          "a key must be a string, a number, bytes, True, False or None",
          index,
        );
      }
      if (first) isSet = !this.#at(":");
      // As in Python, the first of equal keys stays, with the last value.
      if (!keys.has(hash)) keys.set(hash, key);
      if (!isSet && !this.#take(":")) this.#unexpected();
      dict.set(keys.get(hash), isSet ? undefined : plain(this.#expression()));
      if (!this.#take(",") && !this.#at("}")) this.#unexpected();
    }
    return isSet ? new Set(dict.keys()) : dict;
  }

  /** Reads `dict(key=value)`, from behind the bracket on. */
  #dictCall(): ReadonlyMap<string, unknown> {
    const { index } = this.#peek();
    const { args, kwargs } = this.#arguments();
    if (args.length > 0) this.#fail(`dict() takes only key=value: ${NO_CODE}`, index);
    return kwargs;
  }

  /** Reads the arguments of a call, from behind the bracket on. */
  #arguments(): { args: unknown[]; kwargs: Map<string, unknown> } {
    const args: unknown[] = [];
    const kwargs = new Map<string, unknown>();
    while (!this.#take(")")) {
      const { index } = this.#peek();
      if (this.#argumentName() !== undefined) {
        const key = this.#identifier();
        if (kwargs.has(key)) this.#fail(`key ${excerpt(key)} is repeated`, index);
        this.#take("=");
        kwargs.set(key, plain(this.#expression()));
      } else if (kwargs.size > 0) this.#fail("arguments without a name come first");
      else args.push(plain(this.#expression()));
      if (!this.#take(",") && !this.#at(")")) this.#unexpected();
    }
    return { args, kwargs };
  }
}
