import { ConfigError, type ConfigErrorOptions } from "../../core/errors/config_error.ts";
import { didYouMean } from "../../core/errors/suggest.ts";
import type { PartKind } from "../spec/config_spec.ts";
import { SUBPATHS } from "./builtin_names.ts";

/** The error of a name under which no class is registered; a program may register one. */
export class UnknownClassError extends ConfigError {
  readonly kind: PartKind;
  /** The name as it is written. */
  readonly className: string;
  /** The known class that may have been meant. */
  readonly near: string | undefined;

  constructor(
    reason: string,
    { kind, className, near, takesOption, ...options }: ConfigErrorOptions & {
      kind: PartKind;
      className: string;
      near: string | undefined;
      takesOption: boolean;
    },
  ) {
    super(
      `${reason}, ${near === undefined ? wayOut(kind, className, takesOption) : didYouMean(near)}`,
      options,
    );
    this.kind = kind;
    this.className = className;
    this.near = near;
  }
}

/** The call by which a program registers a class, as code. */
export function registerCall(kind: PartKind, className: string): string {
  return `${REGISTER[kind]}("${className}", …)`;
}

const REGISTER: Record<PartKind, string> = {
  handler: "registerHandler",
  formatter: "registerFormatter",
  filter: "registerFilter",
};

/** The ways out of an unknown class; only a program that configures itself can take a stand-in. */
function wayOut(kind: PartKind, className: string, takesOption: boolean): string {
  const subpath = SUBPATHS.get(className);
  if (subpath !== undefined) return `the program has to import "${subpath}"`;
  const call = `register it before by ${registerCall(kind, className)}`;
  return takesOption ? `${call}, or use the option unknownClass: "stand-in"` : call;
}
