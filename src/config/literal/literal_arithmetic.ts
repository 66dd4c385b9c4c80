/** Integers of more bits than this are refused before they are computed: `1<<(1<<60)`. */
const MOST_BITS = 10_000n;

/** How tightly Python's integer operators bind; `**` and the unary ones bind tighter. */
export const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ["|", 1],
  ["^", 2],
  ["&", 3],
  ["<<", 4],
  [">>", 4],
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["//", 6],
  ["%", 6],
]);

/**
 * Python's integer arithmetic.
 *
 * @throws {RangeError} For a division by zero, a negative shift or exponent, or a huge result.
 */
export function integerOperation(
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

function checkPower(value: bigint, what: string): void {
  if (value < 0n) throw new RangeError(`a negative ${what}`);
}

function checkSize(bits: bigint): void {
  if (bits > MOST_BITS) {
    throw new RangeError(`an integer of more than ${MOST_BITS} bits`);
  }
}

/** As Python's `int.bit_length()`. */
function bitLength(value: bigint): bigint {
  const size = value < 0n ? -value : value;
  return size === 0n ? 0n : BigInt(size.toString(2).length);
}
