"""Sends configurations as the usual Python script does: one port after the other, the
length, then the text, never reading an answer.

Reads lines `path first count`, answers each with the time when it began and when it was
through, in milliseconds.
"""
import socket
import struct
import sys
import time

for line in sys.stdin:
    path, first, count = line.split()
    with open(path, "rb") as file:
        text = file.read()
    begin = time.time_ns()
    for port in range(int(first), int(first) + int(count)):
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.connect(("localhost", port))
        connection.send(struct.pack(">L", len(text)))
        connection.send(text)
        connection.close()
    print(begin / 1e6, time.time_ns() / 1e6, flush=True)
