"""CPython's side of `program.ts`: the same arguments, the same lines."""
import logging
import logging.config
import sys
import time

WAY, COUNT = sys.argv[1], int(sys.argv[2])
NAMES = ["app.part%d.module%d" % (at % 100, at) for at in range(COUNT)]
LOGGERS = [logging.getLogger(name) for name in NAMES]


def full_config(level):
    return {
        "version": 1,
        "formatters": {"text": {"format": "%(asctime)s - %(name)s - %(levelname)s - %(message)s"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "text",
                "stream": "ext://sys.stdout",
            },
        },
        "root": {"level": "WARNING", "handlers": ["console"]},
        "loggers": {name: {"level": level} for name in NAMES},
    }


def dict_config(level):
    config = full_config(level)
    return lambda: logging.config.dictConfig(config)


def incremental(level):
    config = {
        "version": 1,
        "incremental": True,
        "loggers": {name: {"level": level} for name in NAMES},
    }
    return lambda: logging.config.dictConfig(config)


def set_level(level):
    return lambda: logging.getLogger("app").setLevel(level)


WAYS = {"dictConfig": dict_config, "incremental": incremental, "setLevel": set_level}


def main():
    is_debug = False
    for _ in sys.stdin:
        is_debug = not is_debug
        change = WAYS[WAY]("DEBUG" if is_debug else "INFO")
        begin = time.perf_counter_ns()
        change()
        enabled = sum(logger.isEnabledFor(logging.DEBUG) for logger in LOGGERS)
        end = time.perf_counter_ns()
        if enabled != (COUNT if is_debug else 0):
            raise AssertionError("%d loggers are at DEBUG" % enabled)
        print((end - begin) / 1e6, file=sys.stderr, flush=True)


main()
