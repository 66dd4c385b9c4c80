"""Python's side of the change benchmarks: processes that each listen on a port.

Each behaves as the program that logdial takes for its model: it configures the root
logger, starts `logging.config.listen` on a port of its own, then logs. It waits for a byte
on its standard input before it starts to idle or compute.
"""
import io
import json
import logging
import logging.config
import os
import sys
import time

OPTIONS = json.loads(sys.argv[1])
COMPUTING = OPTIONS["computing"]
# A reader of a pipe would wake up.
STAMPS = os.open(OPTIONS["stamps"], os.O_WRONLY | os.O_APPEND)
LOGGER = logging.getLogger()
index = 0


def report(file, *words):
    os.write(file, (" ".join(str(word) for word in words) + "\n").encode())


class StampHandler(logging.StreamHandler):
    """Tells the moment when a configuration is applied."""

    def __init__(self, stream, level):
        super().__init__(stream)
        report(STAMPS, index, level, time.time_ns() / 1e6)


def compute():
    """Some 50 microseconds of work, about as much as the other side does."""
    total = 0
    for n in range(1, 1_000):
        total += n * n
    return total


def run():
    if not COMPUTING:
        time.sleep(OPTIONS["deadline"] / 1e3)
        return
    end = time.monotonic() + OPTIONS["deadline"] / 1e3
    while time.monotonic() < end:
        compute()
        LOGGER.debug("Got HTTP response 200.")


def main():
    global index
    for child in range(1, OPTIONS["count"]):
        if os.fork() == 0:
            index = child
            break
    logging.StampHandler = StampHandler
    logging.config.fileConfig(io.StringIO(OPTIONS["config"]))
    server = logging.config.listen(OPTIONS["ports"][0] + index)
    server.daemon = True
    server.start()
    server.ready.wait()
    report(2, "ready", os.getpid())
    os.read(0, 1)
    run()
    os._exit(0)


main()
