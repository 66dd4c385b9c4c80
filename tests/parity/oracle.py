"""Runs the cases of tests/parity on CPython's logging: a list of JSON texts in, their outcomes out."""

import gc
import io
import json
import logging
import logging.config
import logging.handlers
import os
import shutil
import sys
import tempfile

LEVELS = dict(logging._levelToName), dict(logging._nameToLevel)
LAST_RESORT = logging._defaultLastResort
HEADLINE = "--- Logging error ---\n"

# CPython forgets the handlers of a .conf that nothing refers to. That is an accident of
# counting references, so they are kept for the length of a case.
alive = []
add_handler_ref = logging._addHandlerRef


def keep_handler(handler):
    alive.append(handler)
    add_handler_ref(handler)


make_stream_handler = logging.StreamHandler.__init__


def refuse_what_is_no_stream(self, stream=None):
    """As we do, while CPython takes it, and fails at each record."""
    if stream is not None and not hasattr(stream, "write"):
        raise TypeError("no stream")
    make_stream_handler(self, stream)


def handle_error(self, record):
    if logging.raiseExceptions:
        sys.stderr.write(HEADLINE)


logging._addHandlerRef = keep_handler
logging.StreamHandler.__init__ = refuse_what_is_no_stream
logging.Handler.handleError = handle_error
logging.handlers.SocketHandler.handleError = handle_error


def reset():
    alive.clear()
    root = logging.RootLogger(logging.WARNING)
    logging.root = logging.Logger.root = root
    logging.Logger.manager = root.manager = logging.Manager(root)
    logging._handlers.clear()
    del logging._handlerList[:]
    logging._levelToName.clear()
    logging._levelToName.update(LEVELS[0])
    logging._nameToLevel.clear()
    logging._nameToLevel.update(LEVELS[1])
    logging.lastResort = LAST_RESORT
    logging.raiseExceptions = True


class Capture(io.StringIO):
    """Cannot be read line by line, just as the real streams."""

    def __iter__(self):
        raise io.UnsupportedOperation("not readable")


class Snapshot:
    """What a refused configuration leaves as it was, here but not in CPython."""

    def __init__(self, folder):
        self.folder = folder
        self.files = read_files(folder)
        self.output = sys.stdout.getvalue(), sys.stderr.getvalue()
        self.table = dict(logging.root.manager.loggerDict)
        self.objects = [self.copy(one) for one in [logging.root, *self.table.values(), *alive]]
        self.handlers = dict(logging._handlers), list(logging._handlerList)

    @staticmethod
    def copy(one):
        fields = dict(vars(one))
        for name in ("handlers", "filters", "loggerMap", "buffer"):
            if name in fields:
                fields[name] = fields[name].copy()
        return one, fields

    def restore(self):
        manager = logging.root.manager
        manager.loggerDict.clear()
        manager.loggerDict.update(self.table)
        for one, fields in self.objects:
            vars(one).clear()
            vars(one).update(fields)
            if isinstance(one, logging.FileHandler) and one.stream and one.stream.closed:
                # It goes on as if it had not been closed.
                one.stream = open(one.baseFilename, "a", encoding="utf-8")
        logging._handlers.clear()
        logging._handlers.update(self.handlers[0])
        logging._handlerList[:] = self.handlers[1]
        manager._clear_cache()
        for stream, text in zip((sys.stdout, sys.stderr), self.output):
            stream.seek(0)
            stream.truncate()
            stream.write(text)
        if self.folder:
            now = read_files(self.folder)
            for name in os.listdir(self.folder):
                if name not in self.files:
                    os.remove(os.path.join(self.folder, name))
            for name, text in self.files.items():
                if now.get(name) != text:
                    with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                        file.write(text)


def read_files(folder):
    if not folder:
        return {}
    files = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
            files[name] = file.read()
    return files


def stream(name):
    return {"stdout": sys.stdout, "stderr": sys.stderr}.get(name)


def make_handler(spec):
    handler = logging.StreamHandler(stream(spec.get("stream")))
    if "level" in spec:
        handler.setLevel(spec["level"])
    if "format" in spec:
        handler.setFormatter(logging.Formatter(spec["format"], None, spec.get("style", "%")))
    return handler


def logger(step):
    return logging.getLogger(step["name"])


class Steps:
    """One method for each `op` of a step; what it returns is compared."""

    def get(self, step):
        return logger(step).name

    def child(self, step):
        return logger(step).getChild(step["suffix"]).name

    def level(self, step):
        logger(step).setLevel(step["level"])

    def propagate(self, step):
        logger(step).propagate = step["value"]

    def disabled(self, step):
        logger(step).disabled = step["value"]

    def disable(self, step):
        logging.disable(step["level"])

    def addLevel(self, step):
        logging.addLevelName(step["level"], step["name"])

    def levelName(self, step):
        return logging.getLevelName(step["level"])

    def enabled(self, step):
        return logger(step).isEnabledFor(step["level"])

    def has(self, step):
        return logger(step).hasHandlers()

    def filter(self, step):
        logger(step).addFilter(logging.Filter(step["filter"]))

    def handler(self, step):
        logger(step).addHandler(make_handler(step))

    def replace(self, step):
        logger(step).addFilter(lambda record: logging.LogRecord(
            record.name, record.levelno, "f", 1, step["msg"], (), None))

    def drain(self, step):
        """Without a thread, of which this Python may have none."""
        for _, handler in sorted(logging._handlers.items()):
            listener = getattr(handler, "listener", None)
            while listener and not listener.queue.empty():
                listener.handle(listener.queue.get_nowait())

    def lastResort(self, step):
        logging.lastResort = LAST_RESORT if step["value"] else None

    def raising(self, step):
        logging.raiseExceptions = step["value"]

    def basic(self, step):
        options = dict(step["options"])
        if "stream" in options:
            options["stream"] = stream(options["stream"])
        if "handlers" in options:
            options["handlers"] = [make_handler(spec) for spec in options["handlers"]]
        logging.basicConfig(**options)

    def log(self, step):
        getattr(logger(step), step["method"])(step["msg"], *step["args"], extra=step.get("extra"))

    def logAt(self, step):
        logger(step).log(step["level"], step["msg"], *step["args"], extra=step.get("extra"))

    def module(self, step):
        getattr(logging, step["method"])(step["msg"], *step["args"])

    def probe(self, step):
        for name in step["names"]:
            for level in (5, 10, 20, 30, 40, 50):
                logging.getLogger(name).log(level, f"{level} for {name}")

    def reread(self, step):
        """What we do here must not change anything."""

    def file(self, step):
        if step["text"] == "":
            raise RuntimeError("an empty file")
        logging.config.fileConfig(
            io.StringIO(step["text"]), step.get("defaults"), step["disable"])

    def dict(self, step):
        logging.config.dictConfig(step["config"])

    def shutdown(self, step):
        # Closed handlers lose their names in CPython, not here.
        names = dict(logging._handlers)
        logging.shutdown()
        logging._handlers.update(names)


def describe(one):
    if isinstance(one, logging.PlaceHolder):
        return sorted(child.name for child in one.loggerMap)
    return [
        int(one.level),
        int(one.getEffectiveLevel()),
        bool(one.disabled),
        bool(one.propagate),
        [int(handler.level) for handler in one.handlers],
        len(one.filters),
        one.parent and one.parent.name,
    ]


def state():
    table = [[name, describe(one)] for name, one in logging.root.manager.loggerDict.items()]
    return {"root": describe(logging.root), "loggers": table}


def run_step(step, folder):
    snapshot = Snapshot(folder) if step["op"] in ("file", "dict", "basic") else None
    try:
        value = getattr(Steps(), step["op"])(step)
        outcome = {"ok": True, "value": value}
    except Exception as error:
        if snapshot:
            snapshot.restore()
        outcome = {"ok": False}
        if os.environ.get("LOGDIAL_EXPLAIN"):
            outcome["why"] = f"{type(error).__name__}: {error} <- {error.__cause__!r}"
    outcome["state"] = state()
    return outcome


def run_case(line):
    reset()
    folder = tempfile.mkdtemp() if "{dir}" in line else None
    case = json.loads(line.replace("{dir}", folder or ""))
    real = sys.stdout, sys.stderr
    captured = sys.stdout, sys.stderr = Capture(), Capture()
    try:
        steps = [run_step(step, folder) for step in case["steps"]]
        return {
            "steps": steps,
            "stdout": captured[0].getvalue(),
            "stderr": captured[1].getvalue(),
            "files": {name: text for name, text in read_files(folder).items() if text},
        }
    finally:
        logging.raiseExceptions = False
        logging.shutdown()
        sys.stdout, sys.stderr = real
        if folder:
            shutil.rmtree(folder)


if __name__ == "__main__":
    gc.disable()
    outcomes = []
    for count, line in enumerate(json.load(sys.stdin), 1):
        outcomes.append(run_case(line))
        if count % 200 == 0:
            gc.collect()
    print(json.dumps(outcomes))
