"""Runs a program in a terminal of its own: orders come as lines of JSON, what it writes goes out as such."""

import base64, fcntl, json, os, pty, select, signal, struct, sys, termios


def say(**line):
    print(json.dumps(line), flush=True)


def resize(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


master, slave = pty.openpty()
columns, rows = int(sys.argv[1]), int(sys.argv[2])
resize(slave, columns, rows)
before = termios.tcgetattr(slave)
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1):
        os.dup2(slave, fd)
    os.close(master)
    os.execvp(sys.argv[3], sys.argv[3:])

say(pid=child)
pidfd = os.pidfd_open(child)
orders = b""
watched = [0, master, pidfd]
while True:
    ready, _, _ = select.select(watched, [], [])
    if master in ready:
        try:
            data = os.read(master, 65536)
        except OSError:
            data = b""
        if data:
            say(bytes=base64.b64encode(data).decode())
            continue
        watched.remove(master)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            os.kill(child, signal.SIGKILL)
            break
        *lines, orders = (orders + data).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "keys" in order:
                os.write(master, order["keys"].encode())
            elif "size" in order:
                resize(master, *order["size"])
            elif "signal" in order:
                os.kill(child, getattr(signal, order["signal"]))
            elif "hang up" in order:
                watched.remove(master)
                os.close(slave)
                os.close(master)
                slave = None
    if pidfd in ready:
        _, status = os.waitpid(child, 0)
        after = None if slave is None else termios.tcgetattr(slave)
        # What it has written last.
        while slave is not None and select.select([master], [], [], 0)[0]:
            say(bytes=base64.b64encode(os.read(master, 65536)).decode())
        say(end=os.waitstatus_to_exitcode(status), restored=after is None or after == before)
        break
