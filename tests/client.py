"""The `gradcli` that asks the server of `server.py` to be the program: python -I -S client.py SOCKET ARGUMENTS.

It is started for every command of a README block, so it loads nothing but what is built in.
"""

import marshal
import posix
import sys
from _socket import AF_UNIX, SCM_RIGHTS, SHUT_WR, SOCK_STREAM, SOL_SOCKET, socket

DIED = 134
"""The status where the process ended without telling one."""


def is_open(number: int) -> bool:
    """Whether this process was given the stream."""
    try:
        posix.fstat(number)
    except OSError:
        return False
    return True


def main() -> int:
    """Hand over the streams, ask, and return the status that is told."""
    place, *arguments = sys.argv[1:]
    streams = [number for number in range(3) if is_open(number)]
    server = socket(AF_UNIX, SOCK_STREAM)
    server.connect(place)
    numbers = b"".join(number.to_bytes(4, sys.byteorder) for number in streams)
    server.sendmsg([bytes(streams) or b"-"], [(SOL_SOCKET, SCM_RIGHTS, numbers)] if streams else [])
    server.sendall(marshal.dumps((posix.getcwd(), posix.environ, arguments)))
    server.shutdown(SHUT_WR)
    told = server.recv(16)
    server.close()
    if told == b"start":
        posix.execve(sys.executable, [sys.executable, "-m", "gradcli", *arguments], posix.environ)
    return int(told) if told else DIED


if __name__ == "__main__":
    sys.exit(main())
