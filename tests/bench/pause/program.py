"""CPython's side of `program.ts`: the same arguments, the same lines."""
import logging
import logging.config
import logging.handlers
import sys
import time

LINES = 20_000
WHAT, WHERE = sys.argv[1], sys.argv[2]


def report(text):
    print(text, file=sys.stderr, flush=True)


def prepare_rotation():
    log = logging.getLogger("app.db")
    handler = logging.handlers.RotatingFileHandler(WHERE, "a", 1 << 20, 5)
    handler.setFormatter(
        logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)

    def measure():
        longest = 0
        for _ in range(LINES):
            begin = time.perf_counter_ns()
            log.info("Got HTTP response 200.")
            longest = max(longest, time.perf_counter_ns() - begin)
        return longest

    return measure


def prepare_change():
    logging.basicConfig(level=logging.INFO, stream=sys.stdout)
    loggers = [logging.getLogger("app.module%d" % at) for at in range(1000)]
    server = logging.config.listen(int(WHERE))
    server.daemon = True
    server.start()
    server.ready.wait()
    report("ready")

    def measure():
        first = loggers[0]
        before = first.isEnabledFor(logging.DEBUG)
        longest, has_changed, at = 0, False, 0
        while not has_changed:
            begin = time.perf_counter_ns()
            loggers[at].info("Got HTTP response 200.")
            has_changed = first.isEnabledFor(logging.DEBUG) != before
            longest = max(longest, time.perf_counter_ns() - begin)
            at = (at + 1) % len(loggers)
        return longest

    return measure


measure = {"rotation": prepare_rotation, "change": prepare_change}[WHAT]()
for _ in sys.stdin:
    report(measure() / 1e6)
