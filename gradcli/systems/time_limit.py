"""A time limit that holds whatever computes: `within(2, work)`.

SymPy and mpmath can be inside one call for hours, and neither can be asked to look at a clock. So a thread of our own
waits beside those that compute, and raises an exception in it when the time has passed. No signal is used: it works
in every thread, on every platform where Python is CPython, and nobody's handlers are touched.

An exception between any two steps could leave something half done behind. The exception is therefore only raised where
that does no harm: the waiting thread holds the interpreter while it looks at the calls that are open in the other
thread, and that thread goes on exactly there, with the exception. Where a module is being imported, a destructor runs,
or a cache is written in two steps, it waits a moment and looks again.

What it cannot stop is one single operation on whole numbers of millions of digits. Such numbers are refused before
they are made, where exact numbers are computed (`bounded`, `second_reading`).
"""

from __future__ import annotations

import _thread
import os
import sys
import time
from collections.abc import Callable
from math import inf
from types import FrameType
from typing import Any, TypeVar

from gradcli.errors import OutOfRange

T = TypeVar("T")

MOMENT = 0.005
"""Seconds until the waiting thread looks again where the other one must not be stopped."""

AGAIN = 0.1
"""Seconds until it raises again: a bare `except` somewhere inside may have swallowed the exception."""

LONGEST = 3600.0
"""The longest time that the waiting thread sleeps."""

WHOLE_FILES = ("importlib._bootstrap>", "importlib._bootstrap_external>", "sympy/core/facts.py", "weakref.py")
"""Files whose calls are not broken off: imports, SymPy's deductions about a number, and callbacks of dying objects."""

WHOLE_CALLS = frozenset({"__del__"})
"""Calls that are not broken off, by name: Python drops an exception in a destructor."""

LAST_FILES = (__file__, "contextlib.py", "functools.py")
"""Files in which nothing is broken off in their own lines; what they call may be."""

LAST_CALLS = frozenset({("libelefun.py", "g")})
"""The same for single calls: mpmath keeps a constant and its precision, one after the other."""


_forgetting: list[Callable[[], object]] = []
"""What makes things anew that a call which was broken off may have left behind."""


class TimeUp(OutOfRange):
    """The time limit has passed."""


def forgotten_when_stopped(forget: Callable[[], object]) -> None:
    """Have `forget()` called after work was stopped: a context of mpmath's in a cache may have a wrong precision."""
    _forgetting.append(forget)


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work()` returns or raises. Raises TimeUp when it is not done after so many seconds.

    It may be called inside itself, and in any thread. Where Python has no way to stop a thread, the work is finished.
    """
    if not seconds < inf:
        return work()
    watch = _Watch(time.monotonic() + max(0.0, seconds))
    precision = _precision()
    found: list[T] = []
    fault: BaseException | None = None
    begun = False
    while True:
        try:
            if not begun:
                begun = True
                _watcher.begin(watch)
                found.append(work())
            _watcher.end(watch)
            break
        except watch.stop:
            continue
        except BaseException as error:  # noqa: BLE001  (kept for a moment: the other thread has to be ended first)
            fault = error
    if found:
        return found[0]
    if fault is not None:
        try:
            raise fault
        finally:
            del fault
    _restore(precision)
    for forget in _forgetting:
        forget()
    raise TimeUp(f"more than {seconds:g} seconds")


class _Watch:
    """One call of `within`: when it ends, its thread, the exception that is its own, and whether that was raised."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.thread = _thread.get_ident()
        self.stop: type[BaseException] = type("Stop", (BaseException,), {})
        self.raised = False


class _Watcher:
    """The thread that waits, one for all calls; it ends when there is nothing to wait for.

    guard  held while watches come, go, and are raised: one that has gone is never raised
    alarm  locked; released to have the thread look at its watches earlier than at `wakes`
    """

    def __init__(self) -> None:
        self.guard = _thread.allocate_lock()
        self.alarm = _thread.allocate_lock()
        self.alarm.acquire()
        self.watches: list[_Watch] = []
        self.running = False
        self.wakes = inf

    def begin(self, watch: _Watch) -> None:
        """Have an eye on one more. Where no thread can be had, nothing is stopped."""
        with self.guard:
            self.watches.append(watch)
            if not self.running:
                try:
                    _thread.start_new_thread(self.wait, ())
                except RuntimeError:
                    return
                self.running, self.wakes = True, watch.ends
            elif watch.ends < self.wakes and self.alarm.locked():
                self.alarm.release()

    def end(self, watch: _Watch) -> None:
        """Let one go; after this its exception does not come any more."""
        with self.guard:
            if watch in self.watches:
                self.watches.remove(watch)
            if watch.raised:
                _raise_in(watch.thread, None)
                watch.raised = False

    def wait(self) -> None:
        """Wait for the next end, and raise what is due until it has come; this runs in the thread of its own."""
        while True:
            with self.guard:
                if not self.watches:
                    self.running = False
                    return
                try:
                    self.wakes = min(self.looked_at(watch) for watch in self.watches)
                except (AttributeError, ImportError):  # not CPython: no thread can stop another one
                    return
                pause = self.wakes - time.monotonic()
            self.alarm.acquire(timeout=max(0.0, min(pause, LONGEST)))

    def looked_at(self, watch: _Watch) -> float:
        """Raise the exception of a watch whose time has passed, where it may be; when to look again."""
        now = time.monotonic()
        if now < watch.ends:
            return watch.ends
        if not _may_be_stopped(watch.thread):
            return now + MOMENT
        watch.raised = True
        _raise_in(watch.thread, watch.stop)
        return now + AGAIN


_watcher = _Watcher()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_watcher.__init__)  # type: ignore[misc]


def _may_be_stopped(thread: int) -> bool:
    """Whether an exception does no harm where a thread is now."""
    frame: FrameType | None = sys._current_frames().get(thread)  # noqa: SLF001  (documented, for debuggers)
    if frame is None or frame.f_code.co_filename.endswith(LAST_FILES):
        return False
    if any(frame.f_code.co_name == name and frame.f_code.co_filename.endswith(file) for file, name in LAST_CALLS):
        return False
    while frame is not None:
        code = frame.f_code
        if code.co_name in WHOLE_CALLS or code.co_filename.replace("\\", "/").endswith(WHOLE_FILES):
            return False
        frame = frame.f_back
    return True


def _raise_in(thread: int, exception: type[BaseException] | None) -> None:
    """Raise an exception in another thread before its next step, or take one back that has not come yet."""
    import ctypes

    given = None if exception is None else ctypes.py_object(exception)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), given)


def _precision() -> int | None:
    """The precision of mpmath's own context, which SymPy raises for a while; None where mpmath is not loaded."""
    mpmath: Any = sys.modules.get("mpmath")
    context = getattr(mpmath, "mp", None)
    return None if context is None else int(context.prec)


def _restore(precision: int | None) -> None:
    mpmath: Any = sys.modules.get("mpmath")
    if precision is not None and mpmath is not None:
        mpmath.mp.prec = precision


class Clock:
    """A time limit for several pieces of work, which begins now: each has what is left of it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.ends = time.monotonic() + seconds

    def look(self) -> None:
        """Raises TimeUp when the time has passed."""
        if time.monotonic() > self.ends:
            raise TimeUp(f"more than {self.seconds:g} seconds")

    def within(self, work: Callable[[], T]) -> T:
        """What `work()` returns. Raises TimeUp when the time has passed before it is done."""
        self.look()
        return within(self.ends - time.monotonic(), work)
