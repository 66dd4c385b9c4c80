import { NO_CODE } from "./literal_error.ts";
import type { Operand } from "./literal_values.ts";

/** Integers of more bits than this are refused before they are computed: `1<<(1<<60)`. */
const MOST_BITS = 10_000n;
/** Most bits of a product: two such integers may be multiplied, many would take ever longer. */
const MOST_PRODUCT_BITS = 2n * MOST_BITS;

/** How tightly Python's operators bind; `**` and the unary ones bind tighter. */
export const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ["|", 1],
  ["^", 2],
  ["&", 3],
  ["<<", 4],
  [">>", 4],
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["//", 6],
  ["%", 6],
]);

/** The operators of floats, as sizes and times are written: `1.5*1024`, `10*1024/2`. */
const FLOAT_OPERATORS: readonly string[] = ["+", "-", "*", "/"];

/** What is said where an operator stands beside something else. */
export function operandRule(operator: string): string {
  const what = FLOAT_OPERATORS.includes(operator) ? "numbers" : "integers";
  return `"${operator}" is only for ${what}: ${NO_CODE}`;
}

/**
 * Python's arithmetic of two numbers.
 *
 * @throws {RangeError} What is no number, or none for this operator; for a division by zero, a
 * negative shift or exponent, or a huge integer.
 */
export function numberOperation(operator: string, left: Operand, right: Operand): Operand {
  if (operator !== "/" && left.type === "int" && right.type === "int") {
    return { type: "int", value: integerOperation(operator, left.value, right.value) };
  }
  if (left.type === "other" || right.type === "other" || !FLOAT_OPERATORS.includes(operator)) {
    throw new RangeError(operandRule(operator));
  }
  return { type: "float", value: floatOperation(operator, left.value, right.value) };
}

function integerOperation(
  operator: string,
  left: bigint,
  right: bigint,
): bigint {
  switch (operator) {
    case "|":
      return left | right;
    case "^":
      return left ^ right;
    case "&":
      return left & right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      checkSize(bitLength(left) + bitLength(right), MOST_PRODUCT_BITS);
      return left * right;
    case "<<":
      checkPower(right, "shift");
      checkSize(bitLength(left) + right);
      return left << right;
    case ">>":
      checkPower(right, "shift");
      return left >> right;
    case "**":
      checkPower(right, "exponent");
      if (left < -1n || left > 1n) checkSize(bitLength(left) * right);
      return left ** right;
    case "//":
    case "%": {
      if (right === 0n) throw new RangeError("division by zero");
      // Python rounds down, BigInt to zero.
      const rest = ((left % right) + right) % right;
      return operator === "%" ? rest : (left - rest) / right;
    }
    default:
      throw new RangeError(`unknown operator ${operator}`);
  }
}

function floatOperation(operator: string, left: number | bigint, right: number | bigint): number {
  const a = toFloat(left), b = toFloat(right);
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    default:
      if (b === 0) throw new RangeError("division by zero");
      return a / b;
  }
}

function toFloat(value: number | bigint): number {
  const float = Number(value);
  if (typeof value === "number" || Number.isSafeInteger(float)) return float;
  throw new RangeError("an integer of more than 53 bits beside a float");
}

function checkPower(value: bigint, what: string): void {
  if (value < 0n) throw new RangeError(`a negative ${what}`);
}

function checkSize(bits: bigint, most = MOST_BITS): void {
  if (bits > most) {
    throw new RangeError(`an integer of more than ${most} bits`);
  }
}

/** As Python's `int.bit_length()`. */
function bitLength(value: bigint): bigint {
  const digits = (value < 0n ? -value : value).toString(16);
  const top = 32 - Math.clz32(parseInt(digits.charAt(0), 16));
  return BigInt((digits.length - 1) * 4 + top);
}
