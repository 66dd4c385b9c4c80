import { StreamHandler } from "../../handlers/stream_handler.ts";
import {
  BasicFormatter,
  ColoredLogsFormatter,
  HostNameFilter,
  ProgramNameFilter,
  UserNameFilter,
} from "./coloredlogs_formatter.ts";
import { ColoredFormatter, LevelFormatter } from "./colorlog_formatter.ts";
import { PythonJsonFormatter } from "./python_json_formatter.ts";
import { AccessFormatter, ColourizedFormatter, DefaultFormatter } from "./uvicorn_formatters.ts";

/** A class of a Python package under its usual names, with its parameters; blanks between them. */
export type FamiliarClass = readonly [
  kind: "formatter" | "handler" | "filter",
  names: string,
  type: new (...args: never[]) => object,
  parameters: string,
];

const JSON_PARAMETERS = "fmt? datefmt? style? validate? prefix? rename_fields? " +
  "rename_fields_keep_missing? static_fields? reserved_attrs? timestamp? defaults? " +
  "exc_info_as_array? stack_info_as_array? json_indent? json_ensure_ascii? json_serializer?";
const COLOR_PARAMETERS = "fmt? datefmt? style? log_colors? reset? secondary_log_colors? " +
  "validate? stream? no_color? force_color? defaults?";
const UVICORN_PARAMETERS = "fmt? datefmt? style? use_colors?";

/**
 * Classes of Python packages that many configurations name: ours, which take their places, do what
 * the documentation of theirs says.
 */
export const FAMILIAR_CLASSES: readonly FamiliarClass[] = [
  [
    "formatter",
    "pythonjsonlogger.json.JsonFormatter pythonjsonlogger.jsonlogger.JsonFormatter",
    PythonJsonFormatter,
    JSON_PARAMETERS,
  ],
  [
    "formatter",
    "colorlog.ColoredFormatter colorlog.formatter.ColoredFormatter colorlog.TTYColoredFormatter " +
    "colorlog.formatter.TTYColoredFormatter colorlog.colorlog.ColoredFormatter",
    ColoredFormatter,
    COLOR_PARAMETERS,
  ],
  [
    "formatter",
    "colorlog.LevelFormatter colorlog.formatter.LevelFormatter",
    LevelFormatter,
    COLOR_PARAMETERS.replace("?", ""),
  ],
  [
    "handler",
    "colorlog.StreamHandler colorlog.wrappers.StreamHandler",
    StreamHandler,
    "stream?",
  ],
  [
    "formatter",
    "coloredlogs.ColoredFormatter",
    ColoredLogsFormatter,
    "fmt? datefmt? style? level_styles? field_styles?",
  ],
  ["formatter", "coloredlogs.BasicFormatter", BasicFormatter, "fmt? datefmt? style?"],
  ["filter", "coloredlogs.HostNameFilter", HostNameFilter, "use_chroot?"],
  ["filter", "coloredlogs.ProgramNameFilter", ProgramNameFilter, "programname?"],
  ["filter", "coloredlogs.UserNameFilter", UserNameFilter, "username?"],
  ["formatter", "uvicorn.logging.DefaultFormatter", DefaultFormatter, UVICORN_PARAMETERS],
  ["formatter", "uvicorn.logging.AccessFormatter", AccessFormatter, UVICORN_PARAMETERS],
  [
    "formatter",
    "uvicorn.logging.ColourizedFormatter",
    ColourizedFormatter,
    UVICORN_PARAMETERS,
  ],
];
