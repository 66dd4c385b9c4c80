/**
 * Behaves like the reference system's sender: length and body in two sends, no answer
 * read, from the first port upwards until nobody listens.
 */
export const REFERENCE_SENDER = `
import socket, struct, sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
port = int(sys.argv[2])
updated = 0
while True:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("localhost", port))
    except ConnectionRefusedError:
        break
    sock.send(struct.pack(">L", len(data)))
    sock.send(data)
    sock.close()
    updated += 1
    port += 1
print("updated", updated)
`;
