"""CPython's side of `program.ts`: the same commands, the same answers.

Arguments: the scenario, and the file to write to if not stdout.
"""
import logging
import sys
import time

SCENARIO = sys.argv[1]
MESSAGE = "Got HTTP response 200."
TEXT = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
CALLER = ("%(asctime)s - %(name)s - %(levelname)s - %(module)s.%(funcName)s:%(lineno)d"
          " - %(message)s")
LOG = logging.getLogger("app.db")
LOGGERS = [logging.getLogger("app.module%d" % at) for at in range(64)]


def disabled(count):
    for _ in range(count):
        LOG.debug(MESSAGE)


def disabled_2_args(count):
    for at in range(count):
        LOG.debug("%d of %d connections left", at, 10)


def disabled_64_loggers(count):
    for at in range(count):
        LOGGERS[at & 63].debug(MESSAGE)


def enabled(count):
    for _ in range(count):
        LOG.info(MESSAGE)


CALLS = {
    "disabled": disabled,
    "disabled-2-args": disabled_2_args,
    "disabled-64-loggers": disabled_64_loggers,
    "text": enabled,
    "caller": enabled,
}


def main():
    if len(sys.argv) > 2:
        handler = logging.FileHandler(sys.argv[2])
    else:
        handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(CALLER if SCENARIO == "caller" else TEXT))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel("INFO")
    call = CALLS[SCENARIO]
    for line in sys.stdin:
        count = int(line)
        begin = time.perf_counter_ns()
        call(count)
        end = time.perf_counter_ns()
        print((end - begin) / 1e6, (end - begin) / 1e6, file=sys.stderr, flush=True)


main()
