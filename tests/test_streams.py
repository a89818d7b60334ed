"""Streams of real processes: terminals, pipes, closed and full ones, encodings, files that fail, Ctrl-C at any time."""

import contextlib
import itertools
import json
import os
import pty
import random
import resource
import select
import signal
import stat
import subprocess
import sys
import time

import pytest
from processes import PROGRAM

TWO = ("backward", "(x+y)*y", "--x", "2", "--y", "3")
COMMANDS = {
    "forward": ("forward", "(x+y)*y", "--x", "2", "--y", "3", "--csv"),
    "backward": TWO,
    "check": ("check", "2", "--json"),
    "ops": ("ops", "--json"),
    "help": ("help", "notation"),
    "--help": ("--help",),
}
CORNER = ("backward", "relu(x)", "--x", "0", "--get", "x")
"""A result with a note."""


def environment(**more: str) -> dict[str, str]:
    """The variables of a process that sees none of the user's wishes for colours, widths and encodings."""
    wishes = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "PYTHONIOENCODING", "PYTHONUTF8", "LANG", "LC_ALL")
    kept = {name: value for name, value in os.environ.items() if name not in wishes}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def shell(script: str, *args: str, cwd=None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a bash script in which `"$@"` is the program with its arguments."""
    return subprocess.run(
        ["bash", "-c", script, "bash", *PROGRAM, *args],
        capture_output=True, encoding="utf-8", errors="surrogateescape", env=environment(**more), cwd=cwd, check=False,
        timeout=60,
    )  # fmt: skip


def at_terminal(*args: str, columns: int = 80, **more: str) -> tuple[int, str]:
    """Run the program in a pseudo-terminal: its exit status, and what stands there."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *args], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**{"TERM": "xterm", **more})
    )
    os.close(theirs)
    parts = []
    while select.select([ours], [], [], 60)[0]:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    return process.wait(timeout=60), b"".join(parts).decode("utf-8", "replace").replace("\r\n", "\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_what_goes_to_standard_output(name, tmp_path):
    """The same bytes into a pipe and a file; closed or full is status 74 and one line; leaving early 141, silently."""
    script = """
    "$@" > file; echo $?; "$@" | cmp - file && echo same
    "$@" >&- 2> closed; echo $?; "$@" > /dev/full 2> full; echo $?
    "$@" 2> left | true; echo ${PIPESTATUS[0]}
    """
    done = shell(script, *COMMANDS[name], cwd=tmp_path)
    assert (done.stdout.split(), done.stderr) == (["0", "same", "74", "74", "141"], "")
    assert (tmp_path / "file").stat().st_size > 0
    assert (tmp_path / "left").read_text() == ""
    for stream in ("closed", "full"):
        (line,) = (tmp_path / stream).read_text().splitlines()
        assert line.startswith(("gradcli: error: ", '{"error": {"kind": "environment"'))


def test_what_goes_to_standard_error(tmp_path):
    """A note or an error that cannot be told changes neither the result nor the status; nor does a closed stdin."""
    script = """
    "$@" 2>&-; echo $?; "$@" 2> /dev/full; echo $?; "$@" <&-; echo $?; "$@" >&- 2>&- <&-; echo $?
    "$@" --nonsense 2 2>&-; echo $?; "$@" --nonsense 2 2> /dev/full; echo $?
    """
    done = shell(script, *CORNER)
    assert done.stdout.split() == ["0", "0", "0", "0", "0", "0", "74", "2", "2"]
    assert len(done.stderr.splitlines()) == 1
    closed = shell('"$@" <&-', "forward", "-", "--x", "2")
    assert (closed.returncode, closed.stdout) == (74, "")
    assert closed.stderr == "gradcli: error: standard input is closed\n"
    missing = shell('"$@" < /dev/null', "forward", "-")
    assert (missing.returncode, missing.stdout) == (2, "")


LONG = ("forward", "+".join(["sin(x)"] * 2400), "--x", "1", "--csv")
"""An answer of more than a pipe holds."""

unbuffered = pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
"""With PYTHONUNBUFFERED Python itself would not notice a write that stops midway."""


@unbuffered
def test_a_reader_of_one_line(unbuffered):
    """`| head -1` of more than a pipe holds: the line arrives, status 141, not a word."""
    done = shell('"$@" | head -1; echo ${PIPESTATUS[0]}', *LONG, PYTHONUNBUFFERED=unbuffered)
    assert done.stdout.splitlines() == ["node,kind,operation,expression,value", "141"]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("more", "encoding", "spelled"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "ascii", "df/dtheta = 6"),
        ({"PYTHONIOENCODING": "latin-1"}, "latin-1", "df/dtheta = 6"),
        ({"PYTHONIOENCODING": "utf-8"}, "utf-8", "∂f/∂θ = 6"),
        ({"LC_ALL": "C"}, "utf-8", "∂f/∂θ = 6"),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii", "df/dtheta = 6"),
        ({"LC_ALL": "POSIX", "PYTHONIOENCODING": "utf-16-le"}, "utf-16-le", "∂f/∂θ = 6"),
    ],
)
def test_encodings(more, encoding, spelled, tmp_path):
    """The text is one in the encoding of the stream; a file is UTF-8 everywhere; errors are told in any encoding."""
    args = [*PROGRAM, "backward", "θ**2", "--θ", "3"]
    path = tmp_path / "answer.csv"
    jobs = [[*args], [*args, "--output", str(path)], [*PROGRAM, "backward", "θ +"]]
    running = [
        subprocess.Popen(job, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(**more)) for job in jobs
    ]
    (shown, _), (_, _), (nothing, told) = (process.communicate(timeout=60) for process in running)
    assert [process.returncode for process in running] == [0, 0, 2]
    assert spelled in shown.decode(encoding)
    assert "θ,input,,θ,3,6" in path.read_text(encoding="utf-8")
    assert nothing == b""
    assert "nothing to the right of +" in told.decode(encoding)


COLOURS = [
    ({}, (), True),
    ({"NO_COLOR": ""}, (), True),
    ({"TERM": "dumb"}, (), False),
    ({"NO_COLOR": "1"}, ("--color", "always"), True),
    ({}, ("--color", "never"), False),
    ({"FORCE_COLOR": "1", "TERM": "dumb"}, (), True),
]


def test_colours_at_a_terminal():
    """Colours where a terminal shows them, unless somebody wishes otherwise; the words are the same."""
    plain = at_terminal(*TWO, "--color", "never")
    for more, args, coloured in COLOURS:
        status, text = at_terminal(*TWO, *args, **more)
        assert (status, "\x1b[" in text) == (0, coloured), (more, args)
        assert coloured or text == plain[1]
    piped = subprocess.run([*PROGRAM, *TWO], capture_output=True, env=environment(FORCE_COLOR="1"), check=True)
    assert b"\x1b[" in piped.stdout


def test_the_width_of_a_terminal():
    """The screen is as wide as the terminal, or as COLUMNS says; nothing of it is wider; a pipe has no width."""
    long = ("backward", "(sigmoid(w*x+b)-t)**2*exp(-w*x*b)", "--at", "w=0.5,x=2,b=0.1,t=1", "--color", "never")
    for columns, more in ((60, {}), (140, {"COLUMNS": "70"}), (100, {"COLUMNS": "nonsense"})):
        status, text = at_terminal(*long, columns=columns, **more)
        wanted = int(more["COLUMNS"]) if more.get("COLUMNS", "").isdigit() else columns
        assert status == 0
        widest = max(map(len, text.splitlines()))
        assert wanted - 25 < widest <= wanted
    piped = shell('"$@"', *long, COLUMNS="40")
    assert max(map(len, piped.stdout.splitlines())) > 100


def heard() -> None:
    """Let a process hear Ctrl-C, also where the tests themselves run in the background and do not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


READY = "import os, sys; from gradcli.__main__ import main; os.write(int(sys.argv.pop(1)), b'!'); main()"
"""Says through a pipe that the program begins; before that, Python itself is loaded."""


def test_an_interrupt_at_any_moment(tmp_path):
    """Ctrl-C from the first import to the last write: status 130 (or 0 when done), no word, a whole file or none."""
    chance = random.Random(5)
    questions = [
        (*TWO, "--output", "{}.json"),
        ("check", "sin(x)*y", "--x", "2", "--y", "3", "--output", "{}.csv"),
        ("ops", "--output", "{}.html"),
    ]
    whole, statuses, longest = {}, [], {}
    for number, args in enumerate(questions):
        start = time.monotonic()
        path = tmp_path / args[-1].format(f"whole{number}")
        subprocess.run([*PROGRAM, *args[:-1], str(path)], check=True, env=environment())
        whole[number], longest[number] = path.read_bytes(), time.monotonic() - start
    for attempt in range(9):
        number = attempt % len(questions)
        *args, name = questions[number]
        path = tmp_path / name.format(attempt)
        ready, told = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-c", READY, str(told), *args, str(path)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=[told], env=environment(), preexec_fn=heard,
        )  # fmt: skip
        os.close(told)
        os.read(ready, 1)
        os.close(ready)
        time.sleep(chance.uniform(0, longest[number]))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) in [(130, b"", b""), (0, b"", b"")]
        statuses.append(process.returncode)
        assert not path.exists() or path.read_bytes() == whole[number]
        assert path.exists() or process.returncode == 130
    assert 130 in statuses
    assert not [entry for entry in os.listdir(tmp_path) if entry.startswith(".")]


def test_an_interrupt_where_python_drops_exceptions():
    """Ctrl-C inside a callback of the import system is not lost."""
    code = (
        "import signal, sys, weakref; from gradcli.__main__ import main\n"
        "class Thing: pass\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer':\n"
        "            thing = Thing()\n"
        "            Finder.kept = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))\n"
        "            del thing\n"
        "sys.meta_path.insert(0, Finder())\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *TWO], capture_output=True, check=False, env=environment(), preexec_fn=heard
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def within(limit: int):
    """What makes a process fail to write more than `limit` bytes to a file."""

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return limited


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_disk_that_fails_midway(tmp_path, force):
    """Status 74, one line; the old file is as it was, and nothing else lies there."""
    path = tmp_path / "ops.json"
    if force:
        path.write_text("mine")
    done = subprocess.run(
        [*PROGRAM, "ops", "--output", str(path), *force],
        capture_output=True, env=environment(), preexec_fn=within(5000), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (74, b"")
    assert done.stderr.decode() == f"gradcli: error: cannot write {path}: File too large\n"
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == ({"ops.json": "mine"} if force else {})


@unbuffered
def test_a_disk_that_fails_midway_under_standard_output(tmp_path, unbuffered):
    """Also a result that is only partly written is an error."""
    with open(tmp_path / "file", "wb") as file:
        done = subprocess.run(
            [*PROGRAM, *LONG], stdout=file, stderr=subprocess.PIPE, env=environment(PYTHONUNBUFFERED=unbuffered),
            preexec_fn=within(5000), check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (74, b"gradcli: error: cannot write the result: File too large\n")


def test_what_stands_in_the_place_of_a_file(gradcli, tmp_path):
    """A folder, a missing folder, a file as a folder, an empty name: status 74 and a sentence that names it."""
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "file").write_text("mine")
    places = {
        "folder.json": "is a folder", "none/a.json": "No such file", "file/a.json": "Not a directory",
        "x" * 300 + ".json": "File name too long",
    }  # fmt: skip
    for (name, reason), force in itertools.product(places.items(), ([], ["--force"])):
        result = gradcli(*TWO, "--output", str(tmp_path / name), *force)
        assert (result.status, result.out) == (74, ""), name
        assert reason in result.err
        assert len(result.err.splitlines()) == 1
    assert sorted(os.listdir(tmp_path)) == ["file", "folder.json"]


@pytest.mark.skipif(os.geteuid() == 0 and not os.path.exists("/proc/self"), reason="nothing is forbidden to root here")
def test_a_folder_that_is_not_writable(gradcli, tmp_path):
    """Status 74, nothing written. For root, who may write everywhere, the folder is one of the kernel's."""
    folder = "/proc/self" if os.geteuid() == 0 else str(tmp_path)
    tmp_path.chmod(0o500)
    result = gradcli(*TWO, "--output", f"{folder}/a.json")
    tmp_path.chmod(0o700)
    assert (result.status, result.out) == (74, "")
    assert f"cannot write {folder}/a.json" in result.err


def test_links(gradcli, tmp_path):
    """A link is a file that exists; --force writes what it points to and keeps the link, and the file's mode."""
    target, link, dangling = tmp_path / "target.json", tmp_path / "link.json", tmp_path / "dangling.json"
    target.write_text("mine")
    target.chmod(0o600)
    link.symlink_to("target.json")
    dangling.symlink_to("new.json")
    for path in (link, dangling):
        assert gradcli(*TWO, "--output", str(path)).status == 74
    assert target.read_text() == "mine"
    for path in (link, dangling):
        assert gradcli(*TWO, "--output", str(path), "--force") == (0, "", "")
        assert path.is_symlink()
        assert json.loads(path.read_text())["output"]["value"] == 15
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["dangling.json", "link.json", "new.json", "target.json"]


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_devices_and_pipes_are_written_into(tmp_path, force):
    """A FIFO carries the text to its reader, standard output is itself, and neither is replaced by a file."""
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    script = 'cat pipe & "$@" --output pipe; echo $?; wait'
    plain = "x\t2\t3\ny\t3\t8\nv1\t5\t3\nf\t15\t1\n"
    carried = shell(script, *TWO, "--format", "plain", *force, cwd=tmp_path)
    assert (sorted(carried.stdout), carried.stderr) == (sorted(plain + "0\n"), "")
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    script = '"$@" --output /dev/stdout; "$@" --output - > file; cat file; "$@" --output /dev/null; echo $?'
    shown = shell(script, *TWO, "--format", "plain", *force, cwd=tmp_path)
    assert (shown.stdout, shown.stderr) == (plain + plain + "0\n", "")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    full = shell('"$@" --output /dev/full; echo $?; "$@" --output /dev/stdout | true; echo ${PIPESTATUS[0]}', *TWO,
                 "--format", "plain", *force)  # fmt: skip
    assert full.stdout.split() == ["74", "141"]
    assert full.stderr == "gradcli: error: cannot write /dev/full: No space left on device\n"


RACE = """
import os, sys, threading
from gradcli.errors import GradcliError
from gradcli.output import to_file
letter, path, force = sys.argv[1], sys.argv[2], sys.argv[3] == "force"
sys.stdin.readline()
try:
    to_file(letter * 300_000, path, force=force)
except GradcliError as error:
    sys.exit(error.exit_status)
"""


@pytest.mark.parametrize("count", [2, 10])
@pytest.mark.parametrize("force", ["force", "claim"])
def test_many_processes_write_one_file(tmp_path, count, force):
    """The file is that of one of them, whole; without --force exactly one wins, the others are told."""
    path = tmp_path / "answer.txt"
    start, go = os.pipe()
    running = [
        subprocess.Popen([sys.executable, "-c", RACE, letter, str(path), force], stdin=start, env=environment())
        for letter in "abcdefghij"[:count]
    ]
    os.close(start)
    os.write(go, b"go\n" * count)
    os.close(go)
    statuses = [process.wait(timeout=60) for process in running]
    assert sorted(statuses) == ([0] * count if force == "force" else [0] + [74] * (count - 1))
    text = path.read_text()
    assert len(text) == 300_000
    assert len(set(text)) == 1
    if force == "claim":
        assert text[0] == "abcdefghij"[statuses.index(0)]
    assert os.listdir(tmp_path) == ["answer.txt"]


def test_a_file_system_without_links(gradcli, tmp_path, monkeypatch):
    """Where there are no hard links a new file is claimed in another way; one that exists stays."""

    def none(*args):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", none)
    path = tmp_path / "a.json"
    assert gradcli(*TWO, "--output", str(path)) == (0, "", "")
    assert json.loads(path.read_text())["output"]["value"] == 15
    assert gradcli("forward", "2", "--output", str(path)).status == 74
    assert json.loads(path.read_text())["output"]["value"] == 15
    assert os.listdir(tmp_path) == ["a.json"]


def test_an_interrupt_while_a_file_is_written(tmp_path, monkeypatch):
    """Ctrl-C between the writing and the moving leaves nothing behind."""
    from gradcli import output

    def interrupted(*args):
        raise KeyboardInterrupt

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
            patch.setattr(os, name, interrupted)
            output.to_file("text", str(tmp_path / "a.txt"), force=True)
            pytest.fail("nothing was interrupted")
    assert os.listdir(tmp_path) == []
