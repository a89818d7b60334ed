"""gradcli in processes of its own: started anew, and forked from one that has loaded everything.

A start of Python, Typer and SymPy takes far longer than most answers. Where the start is not what is tested, `shell`
runs a script in which `gradcli` is a small client (`client.py`): it hands its arguments, folder, variables and streams
to a server (`server.py`), which forks. The fork has its own process, streams and exit status, so that pipes,
redirections and `$?` are the shell's own. What only a start can decide (an encoding, a switch of Python) is a start:
where such a variable is not the server's, the client becomes `python -m gradcli`.

What is about the start itself, about signals, encodings or loading runs `PROGRAM`.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

PROGRAM = [sys.executable, "-m", "gradcli"]
"""The program, started anew."""

SECONDS = 120
"""The most one script may take."""

HERE = Path(__file__).resolve().parent


def environment() -> dict[str, str]:
    """What a child process sees: this interpreter's gradcli first on PATH, and nothing that could change its output."""
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "LC_ALL": "C", "PYTHONUTF8": "1"}


def shell(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run `sh` with these arguments; in it `gradcli` is loaded already. `more` is for `subprocess.run`."""
    variables = environment()
    variables["PATH"] = os.pathsep.join([str(loaded()), variables["PATH"]])
    if "capture_output" not in more:
        more.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(
        ["sh", *command], env=variables, stdin=subprocess.DEVNULL, encoding="utf-8", timeout=SECONDS, **more
    )


@functools.cache
def loaded() -> Path:
    """The folder of a `gradcli` that asks the server; the server runs until this process ends."""
    kept = contextlib.ExitStack()
    atexit.register(kept.close)
    folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="gradcli")))
    client, place = folder / "gradcli", str(folder / "socket")
    words = [sys.executable, "-I", "-S", str(HERE / "client.py"), place]
    client.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    client.chmod(0o755)
    server = kept.enter_context(
        subprocess.Popen(
            [sys.executable, str(HERE / "server.py"), place],
            env=environment(), cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
    )  # fmt: skip
    assert server.stdin is not None
    assert server.stdout is not None
    kept.callback(server.stdin.close)
    assert server.stdout.readline() == b"ready\n", "the server did not start"
    return folder
