/**
 * What has become here of each test method of CPython's `Lib/test/test_logging.py` (3.13), by its
 * class: methods without `test_`, then where it is kept, `file: sentence of our test`, or why it is
 * not. A file is named without its folder `tests/` and without `_test.ts`.
 */
export type Fate =
  | readonly [methods: string, file: string, sentence: string]
  | readonly [methods: string, notHere: NotHere];

/** Why there is nothing to keep. */
export type NotHere = `not here: ${string}`;

const NO_LOCKS: NotHere =
  "not here: a handler belongs to one thread, there are no locks and no fork";
const NO_PROCESSES: NotHere = "not here: multiprocessing; workers have loggers of their own";
const DICT_OK = ["config/dict_config", "dictConfig() takes what CPython takes"] as const;
const DICT_REFUSED = [
  "config/dict_config",
  "dictConfig() refuses what CPython refuses, says where, and changes nothing",
] as const;
const CLASS_FORMATTER = [
  "config/class_config",
  "a class of the program's own makes a formatter, by name or itself",
] as const;
const OWN_PARTS = [
  "config/dict_config",
  "the program's own classes, factories, filters and objects",
] as const;
const CONF_OK = ["config/file_config", "fileConfig() takes what CPython takes"] as const;
const QUEUE_CONFIG = [
  "config/queue_config",
  "a QueueHandler of a dict has a queue and a listener, whatever says which",
] as const;
const CLOSING = [
  "handlers/closing",
  "shutdown closes all handlers, and then says what one has thrown",
] as const;
const NEWEST = [
  "parity/newest",
  "what a program sees is what it sees in the newest CPython",
] as const;
const SCHEDULE = [
  "parity/newest",
  "rollovers come when CPython's come, and files get its names",
] as const;
const FUNCTIONS = [
  "core/module_functions",
  "functions that Python's users look for work on the thread's own tree",
] as const;
const DISABLING = [
  "config/file_config",
  "unmentioned loggers are disabled, but not those below named ones",
] as const;

export const CPYTHON_TESTS: Readonly<Record<string, readonly Fate[]>> = {
  BuiltinLevelsTest: [
    [
      "flat nested_explicit nested_inherited",
      "core/logger",
      "a logger without a level asks its ancestors",
    ],
    [
      "nested_with_virtual_parent",
      "core/logger_tree",
      "levels of a parent that comes up late count at once",
    ],
    [
      "regression_22386 issue27935 regression_29220",
      "core/levels",
      "level names and numbers lead to each other, also those that were added",
    ],
  ],
  BasicFilterTest: [
    [
      "filter callable_filter",
      "core/logger",
      "a filter of a logger sees only what is logged on that very logger",
    ],
    ["empty_filter", ...DICT_OK],
  ],
  CustomLevelsAndFiltersTest: [
    [
      "handler_filter_replaces_record logging_filter_replaces_record",
      "core/emission",
      "a filter may put another record in place, of a logger for all, of a handler for it",
    ],
    [
      "logger_filter handler_filter",
      "core/logger",
      "only the level of the logger itself counts, then that of each handler",
    ],
    [
      "specific_filters",
      "core/logger",
      "a filter of a logger sees only what is logged on that very logger",
    ],
  ],
  HandlerTest: [
    ["name", ...FUNCTIONS],
    [
      "builtin_handlers",
      "examples/name_tables",
      "the table of Python's names says of each whether it is here",
    ],
    [
      "pathlike_objects",
      "handlers/file_handler",
      "names are made absolute and normal when the handler is made",
    ],
    [
      "race",
      "handlers/watched_file_handler",
      "logrotate may put the file aside, with and without making a new one",
    ],
    ["post_fork_child_no_deadlock", NO_LOCKS],
  ],
  StreamHandlerTest: [
    [
      "error_handling",
      "core/emission",
      "what cannot be formatted is told on stderr, and other handlers go on",
    ],
    [
      "stream_setting",
      "handlers/stream_handler",
      "setStream gives the old stream back, and nothing for the same one",
    ],
    [
      "can_represent_stream_with_int_name",
      "handlers/stream_handler",
      "a handler and a record say what they are",
    ],
  ],
  SMTPHandlerTest: [
    [
      "basic",
      "handlers/smtp_handler",
      "a record is a mail, to all addresses, with the record's time",
    ],
  ],
  MemoryHandlerTest: [
    [
      "flush flush_on_close",
      "handlers/memory_handler",
      "records go to the target when there are enough, or one is serious",
    ],
    [
      "shutdown_flush_on_close",
      "handlers/closing",
      "shutdown does not flush a handler whose flushOnClose is false",
    ],
    ["race_between_set_target_and_flush", NO_LOCKS],
  ],
  ConfigFileTest: [
    [
      "config0_ok config1_ok config4_ok config5_ok config6_ok config7_ok config8_ok config9_ok",
      ...CONF_OK,
    ],
    [
      "config0_using_cp_ok",
      "not here: fileConfig takes the text; there is no ConfigParser to hand over",
    ],
    [
      "config2_failure config3_failure exception_if_confg_file_is_invalid " +
      "exception_if_confg_file_is_empty",
      "config/file_config",
      "fileConfig() refuses what CPython refuses, says where, and changes nothing",
    ],
    ["logger_disabling", ...DISABLING],
    ["config_set_handler_names", ...FUNCTIONS],
    [
      "exception_if_config_file_does_not_exist",
      "not here: the program reads the file, and hears of it itself",
    ],
    [
      "defaults_do_no_interpolation",
      "config/file_config",
      "options given as defaults may be anything, as long as nobody reads them",
    ],
  ],
  SocketHandlerTest: [
    ["output", "handlers/socket_handler", "a record is a line of JSON with Python's fields"],
    [
      "noserver",
      "handlers/socket_handler",
      "while nobody listens records wait, and the failure is told once",
    ],
  ],
  UnixSocketHandlerTest: [[
    "output noserver",
    "not here: SocketHandler takes a host and a port only",
  ]],
  DatagramHandlerTest: [["output", "handlers/socket_handler", "a datagram holds one record"]],
  UnixDatagramHandlerTest: [["output", "not here: DatagramHandler takes a host and a port only"]],
  SysLogHandlerTest: [
    ["output udp_reconnection", "handlers/syslog_handler", "messages are CPython's"],
  ],
  UnixSysLogHandlerTest: [
    ["output udp_reconnection", "handlers/rsyslog", "rsyslogd takes what is sent"],
  ],
  IPv6SysLogHandlerTest: [
    ["output udp_reconnection", "handlers/syslog_handler", "messages are CPython's"],
  ],
  HTTPHandlerTest: [["output", "handlers/http_handler", "requests are CPython's"]],
  MemoryTest: [["persistent_loggers", ...NEWEST]],
  EncodingTest: [["encoding_plain_file encoding_cyrillic_unicode", ...NEWEST]],
  WarningsTest: [["warnings warnings_no_handlers", ...FUNCTIONS]],
  ConfigDictTest: [
    ["config0_ok config1_ok config11_ok config14_ok config15_ok", ...DICT_OK],
    [
      "config2_failure config2a_failure config2b_failure config3_failure config6_failure " +
      "config12_failure config13_failure bad_format bad_format_with_dollar_style " +
      "invalid_type_raises",
      ...DICT_REFUSED,
    ],
    [
      "config4_ok config4a_ok config17_ok custom_formatter_class_with_validate " +
      "custom_formatter_class_with_validate2 custom_formatter_class_with_validate2_with_wrong_fmt " +
      "custom_formatter_class_with_validate3 custom_formatter_function_with_validate " +
      "custom_formatter_function_with_defaults",
      ...CLASS_FORMATTER,
    ],
    [
      "config5_ok namedtuple",
      "config/class_config",
      "a class of the program's own makes a handler, by class or factory",
    ],
    ["config7_ok 90195", ...DISABLING],
    [
      "config_8_ok config_8a_ok",
      "config/dict_config",
      "disable_existing_loggers is what Python calls true",
    ],
    ["config_9_ok", "config/dict_config", "incremental takes levels and propagation only"],
    ["config_10_ok", "config/dict_config", "filters of loggers add up, as in CPython"],
    ["config16_ok", ...DICT_OK],
    ["config18_ok", "config/dict_config", "targets are found before they are made, once"],
    [
      "listen_config_10_ok listen_config_1_ok",
      "wire/bad_input",
      "a frame is taken however it is split",
    ],
    [
      "listen_verify",
      "operator/permission",
      "verify sees every payload first, and says what is read",
    ],
    ["baseconfig", "config/dict_config", "cfg:// leads through dots, indexes and keys"],
    ["config_callable_filter_works config_filter_works config_filter_method_works", ...OWN_PARTS],
    ["config_queue_handler", ...QUEUE_CONFIG],
    [
      "config_queue_handler_does_not_create_multiprocessing_manager " +
      "config_queue_handler_multiprocessing_context multiprocessing_queues 111615",
      NO_PROCESSES,
    ],
    [
      "config_queue_handler_invalid_config_does_not_create_multiprocessing_manager",
      "config/queue_config",
      "what cannot be a queue, a listener or its handlers is refused as a whole",
    ],
    [
      "kwargs_passing",
      "config/queue_config",
      "arguments of one's own QueueHandler are given after its queue",
    ],
  ],
  ManagerTest: [
    ["manager_loggerclass", "core/logger_tree", "a logger class of the program's own"],
    ["set_log_record_factory", ...FUNCTIONS],
  ],
  ChildLoggerTest: [
    [
      "child_loggers",
      "core/logger_tree",
      "getChild() appends a name, and is the way to a logger that is called root",
    ],
    ["get_children", "core/logger_tree", "getChildren() gives the loggers right below"],
  ],
  LogRecordFactoryTest: [["logrecord_class", ...FUNCTIONS]],
  QueueHandlerTest: [
    [
      "queue_handler formatting queue_listener_with_StreamHandler " +
      "queue_listener_with_multiple_handlers",
      "handlers/queue",
      "a record is prepared as CPython does, and others see the original",
    ],
    [
      "queue_listener",
      "handlers/queue",
      "a listener is started once, and stopped as often as one likes",
    ],
  ],
  QueueListenerTest: [
    [
      "handle_called_with_queue_queue no_messages_in_queue_after_stop calls_task_done_after_stop",
      "handlers/queue",
      "stop gives out what is left, and later records stay in the queue",
    ],
    ["handle_called_with_mp_queue", NO_PROCESSES],
  ],
  FormatterTest: [
    ["percent braces dollars", "core/formatter", "formats of the three styles"],
    [
      "format_validate invalid_style",
      "core/formatter",
      "formats are validated when they are made, unless told not to",
    ],
    [
      "defaults_parameter",
      "core/formatter",
      "defaults stand in for fields that a record does not have",
    ],
    ["time default_msec_format_none", "core/formatter", "times"],
    [
      "issue_89047 msecs_has_no_floating_point_precision_loss",
      "core/formatter",
      "milliseconds before 1970 count from their second on",
    ],
    [
      "relativeCreated_has_higher_precision",
      "not here: a record knows whole milliseconds, which is what JavaScript's clock has",
    ],
  ],
  BufferingFormatterTest: [
    [
      "default custom",
      "core/formatter",
      "BufferingFormatter puts lines together between header and footer",
    ],
  ],
  ExceptionTest: [["formatting", "core/formatter", "an error and a stack stand below the line"]],
  LastResortTest: [
    [
      "last_resort",
      "core/emission",
      "without handlers, warnings and worse go to the last resort as bare messages",
    ],
  ],
  ShutdownTest: [
    [
      "no_failure with_ioerror_in_flush with_ioerror_in_close with_valueerror_in_flush " +
      "with_valueerror_in_close with_other_error_in_flush_without_raise " +
      "with_other_error_in_close_without_raise with_other_error_in_flush_with_raise " +
      "with_other_error_in_close_with_raise",
      ...CLOSING,
    ],
    [
      "with_ioerror_in_acquire with_valueerror_in_acquire " +
      "with_other_error_in_acquire_without_raise with_other_error_in_acquire_with_raise",
      NO_LOCKS,
    ],
  ],
  ModuleLevelMiscTest: [
    ["disable", "core/logger", "disable silences every logger up to a level"],
    ["log debug info warning error critical set_logger_class", ...FUNCTIONS],
    ["subclass_logger_cache", "core/logger_tree", "a logger class of the program's own"],
    [
      "logging_at_shutdown logging_at_shutdown_open",
      "handlers/file_handler",
      "a closed handler opens its file again, unless that would empty it",
    ],
    [
      "recursion_error",
      "core/emission",
      "handlers that log to themselves are told once, and the call comes to an end",
    ],
    [
      "get_level_names_mapping",
      "core/levels",
      "the mapping of level names is the program's own copy",
    ],
  ],
  LogRecordTest: [
    ["str_rep", "handlers/stream_handler", "a handler and a record say what they are"],
    ["dict_arg", "core/emission", "messages and their arguments"],
    ["multiprocessing", NO_PROCESSES],
    [
      "optional taskName_with_asyncio_imported",
      "not here: fields that cost nothing until they are read need no switch; tasks have no names",
    ],
    [
      "taskName_without_asyncio_imported",
      "core/formatter",
      "fields without a value print as in Python",
    ],
  ],
  BasicConfigTest: [
    [
      "no_kwargs strformatstyle stringtemplatestyle stream format datefmt style level",
      "config/basic_config",
      "basicConfig() sets up the root",
    ],
    [
      "filename filemode encoding encoding_errors encoding_errors_default encoding_errors_none",
      "config/basic_config",
      "filename, filemode, encoding and errors",
    ],
    ["incompatible", "config/basic_config", "basicConfig() refuses options as a whole"],
    ["handlers", "config/basic_config", "handlers get the formatter unless they have one"],
    [
      "force",
      "config/basic_config",
      "force replaces the handlers, closes them, and takes their names",
    ],
    ["log_taskName", "not here: tasks of JavaScript have no names"],
    ["log debug info warning error critical", ...FUNCTIONS],
  ],
  LoggerAdapterTest: [
    [
      "exception exception_excinfo critical extra_in_records",
      "core/logger_adapter",
      "an adapter adds its fields to each record, at every level",
    ],
    [
      "is_enabled_for has_handlers",
      "core/logger_adapter",
      "levels and handlers are the logger's",
    ],
    [
      "nested find_caller_with_stacklevel",
      "core/logger_adapter",
      "records name the caller of the adapter, through adapters of adapters",
    ],
    [
      "styled_adapter nested_styled_adapter",
      "core/logger_adapter",
      "process() changes messages and options",
    ],
    [
      "extra_not_merged_by_default extra_merged extra_merged_log_call_has_precedence",
      "core/logger_adapter",
      "a call's own fields are replaced, or merged where that is asked for",
    ],
  ],
  LoggerTest: [
    [
      "set_invalid_level log_invalid_level_with_raise log_invalid_level_no_raise",
      "core/emission",
      "levels that are no whole number are refused where they are used",
    ],
    [
      "exception",
      "core/logger",
      "an error given last is the record's, and an argument if the message asks",
    ],
    [
      "find_caller_with_stack_info",
      "core/emission",
      "stack_info ends with the caller that stacklevel says, as in Python",
    ],
    [
      "find_caller_with_stacklevel",
      "core/logger",
      "records name the caller, however it is written",
    ],
    [
      "make_record_with_extra_overwrite make_record_with_extra_no_overwrite",
      "core/logger",
      "extra fields land on the record, and never over its own",
    ],
    [
      "has_handlers has_handlers_no_propagate is_enabled_for root_logger_aliases",
      "handlers/stream_handler",
      "the root has many names, and asks nobody for a level or a handler",
    ],
    [
      "is_enabled_for_disabled_logger",
      "core/logger",
      "a disabled logger is silent, its children are not",
    ],
    ["invalid_names", "core/logger_tree", "names that are no text are refused"],
    ["pickling", "not here: there is no pickle"],
    [
      "caching",
      "core/logger",
      "a change of levels counts at once, for loggers that were asked before too",
    ],
  ],
  FileHandlerTest: [
    ["delay", "handlers/file_handler", "with delay the first line makes the file"],
    [
      "emit_after_closing_in_write_mode",
      "handlers/file_handler",
      "a closed handler opens its file again, unless that would empty it",
    ],
  ],
  RotatingFileHandlerTest: [
    [
      "should_not_rollover_non_file",
      "handlers/rotating_file_handler",
      "a device is never put aside",
    ],
    [
      "should_not_rollover should_rollover file_created max_bytes max_bytes_delay " +
      "rollover_filenames",
      "parity/newest",
      "files end up with the names and contents that CPython gives them",
    ],
    [
      "namer_rotator_inheritance",
      "handlers/rotating_file_handler",
      "namer and rotator may be methods of a subclass, or its fields",
    ],
    [
      "rotator",
      "handlers/rotating_file_handler",
      "namer and rotator say what becomes of a full file",
    ],
  ],
  TimedRotatingFileHandlerTest: [
    [
      "should_not_rollover",
      "handlers/timed_rotating_file_handler",
      "an empty file is not put aside, and neither is a pipe",
    ],
    [
      "rollover rollover_at_midnight rollover_at_weekday",
      "handlers/timed_rotating_file_handler",
      "files are put aside by the clock, and the oldest go",
    ],
    [
      "invalid",
      "parity/newest",
      "files end up with the names and contents that CPython gives them",
    ],
    [
      "compute_rollover_daily_attime compute_rollover_weekly_attime " +
      "compute_rollover_MIDNIGHT_local compute_rollover_W6_local " +
      "compute_rollover_MIDNIGHT_local_interval compute_rollover_W6_local_interval " +
      "compute_rollover_S compute_rollover_S_interval compute_rollover_M " +
      "compute_rollover_M_interval compute_rollover_H compute_rollover_H_interval " +
      "compute_rollover_D compute_rollover_D_interval compute_rollover_MIDNIGHT " +
      "compute_rollover_MIDNIGHT_interval compute_rollover_W0 compute_rollover_W0_interval",
      ...SCHEDULE,
    ],
    [
      "compute_files_to_delete compute_files_to_delete_same_filename_different_extensions",
      "parity/newest",
      "the files to delete are CPython's",
    ],
  ],
  NTEventLogHandlerTest: [["basic", "not here: Deno has no access to the event log of Windows"]],
  MiscTestCase: [
    ["_all__", "parity/newest", "every public name of its modules stands in a table of ours"],
  ],
};

/**
 * What `logging`'s documentation and "What's New" say was added or changed in 3.12, 3.13 and 3.14,
 * and where that is kept, in the same way.
 */
export const VERSION_CHANGES: Readonly<Record<string, readonly Fate[]>> = {
  "3.12": [
    ["getHandlerByName, getHandlerNames", ...FUNCTIONS],
    ["Logger.getChildren", "core/logger_tree", "getChildren() gives the loggers right below"],
    [
      "filters may return a record, Handler.handle returns it",
      "core/emission",
      "a filter may put another record in place, of a logger for all, of a handler for it",
    ],
    ["LogRecord.taskName", "core/formatter", "fields without a value print as in Python"],
    ["Formatter defaults in dicts", ...DICT_OK],
    ["QueueHandler and QueueListener in dicts", ...QUEUE_CONFIG],
    [
      "MemoryHandler.flushOnClose and shutdown",
      "handlers/closing",
      "shutdown does not flush a handler whose flushOnClose is false",
    ],
    [
      "QueueListener.stop more than once",
      "handlers/queue",
      "a listener is started once, and stopped as often as one likes",
    ],
    [
      "own backups only are deleted",
      "parity/newest",
      "the files to delete are CPython's",
    ],
    [
      "an existing backup is not overwritten",
      "handlers/timed_rotating_file_handler",
      "a backup that is there already is not overwritten, and the next one has the lines",
    ],
    ["interval counts for midnight and W0 to W6", ...SCHEDULE],
    [
      "cfg:// with any key in brackets",
      "config/dict_config",
      "cfg:// leads through dots, indexes and keys",
    ],
  ],
  "3.13": [
    [
      "LoggerAdapter merge_extra",
      "core/logger_adapter",
      "a call's own fields are replaced, or merged where that is asked for",
    ],
    ["Formatter defaults in .conf files", ...CONF_OK],
    [
      "an empty file is not rolled over",
      "handlers/rotating_file_handler",
      "an empty file is never put aside, however long the line",
    ],
    [
      "a queue is whatever has put and get",
      "config/queue_config",
      "a QueueHandler of a dict may put records where no listener of ours can take them",
    ],
    [
      "relativeCreated in nanoseconds",
      "not here: a record knows whole milliseconds, which is what JavaScript's clock has",
    ],
  ],
  "3.14": [
    [
      "QueueListener as a context manager",
      "handlers/queue",
      "a listener that is a resource is stopped at the end of its block",
    ],
    [
      "QueueListener.start twice is an error",
      "handlers/queue",
      "a listener is started once, and stopped as often as one likes",
    ],
    ["SysLogHandler timeout", "handlers/configuration", "a configuration makes "],
    [
      "class of a handler may be a class",
      "config/class_config",
      "a class of the program's own makes a handler, by class or factory",
    ],
    [
      "groups behind the point in {} formats",
      "core/format/compile_format",
      "digits behind the point are grouped, where formats are not validated",
    ],
    ["words of errors in % formats", ...NEWEST],
    ["the argument strm is deprecated", "not here: no handler has it"],
    ["SMTPHandler gives starttls a context", "not here: nodemailer makes the connection"],
  ],
};
