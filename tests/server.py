"""A process that has loaded all of gradcli and forks for every client: python server.py SOCKET.

Each fork is a process of its own with the client's streams, folder, variables and arguments. It ends with standard
input. See `processes.py` for what this is used for, and what not.
"""

import contextlib
import gc
import io
import marshal
import os
import pkgutil
import select
import shlex
import socket
import sys
import traceback
from importlib import import_module

DECIDE = (b"PYTHON", b"LC_", b"LANG")
"""How the names of the variables begin that Python reads only when it starts."""


def load() -> None:
    """Import all modules of the program, and ask every command its first example, which imports and builds the rest."""
    import gradcli
    from gradcli import cli, commands

    for module in pkgutil.walk_packages(gradcli.__path__, "gradcli."):
        import_module(module.name)
    for name in commands.NAMES:
        example = shlex.split(import_module(f"gradcli.commands.{name}").EXAMPLES[0])
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            cli.run(example[1:])
    gc.freeze()


def serve(path: str) -> None:
    """Fork for every client until standard input is closed."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    os.write(1, b"ready\n")
    while sys.stdin not in select.select([sys.stdin, listener], [], [])[0]:
        client, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(client)
        client.close()
        wait(os.WNOHANG)
    wait(0)


def wait(flags: int) -> None:
    """Bury the forks that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, flags)[0]:
            pass


def answer(client: socket.socket) -> None:
    """Be the program that a client asks for and tell it the exit status; or tell it to start one."""
    names, given, _, _ = socket.recv_fds(client, 3, 3)
    with client.makefile("rb") as asked:
        folder, variables, arguments = marshal.load(asked)  # noqa: S302  (from our own client)
    if deciding(variables) != deciding(os.environb):
        client.sendall(b"start")
        os._exit(0)
    streams = dict(zip(names, given, strict=False))
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if number in streams:
            os.dup2(streams[number], number)
            os.close(streams[number])
        else:
            os.close(number)
            setattr(sys, name, None)
    if sys.stdout is not None:
        sys.stdout.reconfigure(line_buffering=os.isatty(1))  # type: ignore[union-attr]
    os.chdir(folder)
    os.environb.clear()
    os.environb.update(variables)
    sys.argv[:] = ["gradcli", *arguments]
    client.sendall(str(status()).encode())
    os._exit(0)


def deciding(variables: object) -> dict[bytes, bytes]:
    """Those variables that Python reads only when it starts."""
    return {name: value for name, value in dict(variables).items() if name.startswith(DECIDE)}  # type: ignore[call-overload]


def status() -> int:
    """Run the program to the end as Python would; its exit status."""
    from gradcli.__main__ import main

    found: object = 0
    try:
        main()
    except SystemExit as leaving:
        found = leaving.code or 0
    except BaseException:  # noqa: BLE001  (Python, too, prints what nobody caught)
        traceback.print_exc()
        found = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            found = 120
    return int(str(found))


if __name__ == "__main__":
    load()
    serve(sys.argv[1])
