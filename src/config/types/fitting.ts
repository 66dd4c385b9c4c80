import type {
  DictConfig,
  FilterKeys,
  FormatterKeys,
  HandlerConfig,
  LoggerConfig,
} from "./dict_config_type.ts";
import type { HandlerArguments, OwnClass } from "./handler_arguments.ts";

/**
 * What a configuration must be like whose type is not `DictConfig`: that of imported JSON, where a
 * level is any `string`, or an interface of the program's own, which has no index signature. What
 * its type tells is checked, key by key; what it does not tell counts as good.
 *
 * @internal
 */
export type Fitting<Config> = string extends keyof Config ? unknown
  :
    & Version<Config>
    & {
      readonly [Key in keyof Config]: Key extends "handlers" ? Parts<Config[Key], "handler">
        : Key extends "formatters" ? Parts<Config[Key], "formatter">
        : Key extends "filters" ? Parts<Config[Key], "filter">
        : Key extends "loggers" ? Parts<Config[Key], "logger">
        : Key extends "root" ? Part<Config[Key], "logger">
        : Key extends keyof DictConfig ? Value<Config[Key], DictConfig[Key]>
        // `cfg://` may lead there; in an object that is written in place, it is rather misspelt.
        : Config extends { readonly version: infer V } ? number extends V ? Config[Key] : never
        : never;
    };

type Version<Config> = "version" extends keyof Config ? unknown : { readonly version: 1 };

type Kind = "handler" | "formatter" | "filter" | "logger";

/** Parts by their names. */
type Parts<All, K extends Kind> = IsUntold<All> extends true ? All
  : All extends undefined ? All
  : All extends object ? { readonly [Name in keyof All]: Part<All[Name], K> }
  : never;

type Part<One, K extends Kind> = IsUntold<One> extends true ? One
  : One extends undefined | null ? One
  : One extends object ? K extends "logger" ? Keys<One, LoggerConfig>
    : "()" extends keyof One ? Keys<One, Loose>
    : K extends "formatter" ? Keys<One, FormatterKeys>
    : K extends "filter" ? Keys<One, FilterKeys>
    : Handler<One>
  : never;

/** Keys that have their meaning whatever the class is; beside them stands anything. */
type Loose = Pick<LoggerConfig, "level" | "filters"> & { readonly [argument: string]: unknown };

type Handler<One> = One extends { readonly class: infer Class }
  ? Class extends keyof HandlerArguments ? Keys<One, Extract<HandlerConfig, { class: Class }>>
  : string extends Class ? Keys<One, Loose>
  : Class extends OwnClass ? Keys<One, Loose>
  : unknown extends Class ? Keys<One, Loose>
  : { readonly class: keyof HandlerArguments }
  : Keys<One, { readonly level?: LoggerConfig["level"]; readonly class?: undefined }>;

/** Each key of a part: none that is unknown, and none of another type. */
type Keys<One, Known> = {
  readonly [Key in keyof One]: string extends Key ? One[Key]
    : number extends Key ? One[Key]
    : Key extends keyof Known ? Value<One[Key], Known[Key]>
    : never;
};

/** A value if it may be meant by a type: `string` may be one of certain texts. */
type Value<Given, Known> = IsUntold<Given> extends true ? Given
  : Given extends Known | undefined ? Given
  : Given extends string ? string extends Given ? Given & Some<Known, string> : Known
  : Given extends number ? number extends Given ? Given & Some<Known, number> : Known
  : Given extends readonly unknown[]
    ? number extends Given["length"] ? Given & Some<Known, readonly unknown[]>
    : Known
  : Known;

/** `unknown`, which asks for nothing, if something of that kind is known; else `never`, which nothing fits. */
type Some<Known, Kind> = [Extract<Known, Kind>] extends [never] ? never : unknown;

/** Whether a type is `any` or `unknown`, and so tells nothing. */
type IsUntold<Given> = unknown extends Given ? true : false;
