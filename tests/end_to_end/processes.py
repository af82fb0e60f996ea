"""Processes of a test: started in its folder, output kept in files, never outliving the test run."""

import ctypes
import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE_S = 60.0  # how long a condition may take on a slow and busy machine; a test that passes never waits for it
# How many times slower than a release build the program may be, under a sanitizer: every limit of time is multiplied by it.
SLOWNESS = float(os.environ.get("CANDLED_SLOWNESS", "1"))

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Timeout(AssertionError):
    pass


def wait_until(what, condition, patience_s=PATIENCE_S, alive=(), pause_s=0.02):
    """The condition's first true value. Fails when the time is over or one of the `alive` processes has ended."""
    patience_s *= SLOWNESS
    deadline = time.monotonic() + patience_s
    while True:
        value = condition()
        if value:
            return value
        for process in alive:
            if process.exit_code() is not None:
                raise Timeout(f"{process.name} ended with {process.exit_code()}, waiting for {what}\n{process.tail()}")
        if time.monotonic() > deadline:
            tails = "\n".join(f"--- {process.name}\n{process.tail()}" for process in alive)
            raise Timeout(f"waited {patience_s:.0f} s for {what}; the condition was {value!r}\n{tails}")
        time.sleep(pause_s)


class Process:
    """One child with its standard output and standard error in files of the test's folder."""

    def __init__(self, name, command, folder):
        self.name = name
        self.out_path = Path(folder) / f"{name}.out"
        self.err_path = Path(folder) / f"{name}.err"
        with open(self.out_path, "wb") as out, open(self.err_path, "wb") as err:
            self.child = subprocess.Popen([str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL,
                                          stdout=out, stderr=err, preexec_fn=_die_with_parent)

    def out(self):
        return self.out_path.read_text(errors="replace")

    def err(self):
        return self.err_path.read_text(errors="replace")

    def tail(self, lines=12):
        return "\n".join((self.out().splitlines() + self.err().splitlines())[-lines:])

    def sanitizer_report(self):
        """What a sanitizer wrote, also of a process that was killed later; empty: nothing."""
        text = self.err()
        begins = [at for at in (text.find("Sanitizer: "), text.find(": runtime error: ")) if at >= 0]
        return text[max(min(begins) - 200, 0):][:8000] if begins else ""

    def wait_for(self, what, condition, patience_s=PATIENCE_S, pause_s=0.02):
        """wait_until, as long as this process lives."""
        return wait_until(what, condition, patience_s, [self], pause_s)

    def exit_code(self):
        return self.child.poll()

    def send(self, number):
        self.child.send_signal(number)

    def wait(self, patience_s=PATIENCE_S):
        """The exit code; negative for a signal."""
        patience_s *= SLOWNESS
        try:
            return self.child.wait(patience_s)
        except subprocess.TimeoutExpired:
            raise Timeout(f"{self.name} still runs after {patience_s:.0f} s\n{self.tail()}") from None

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()


def cpu_seconds(process):
    """Processor time that a running process has used."""
    fields = Path(f"/proc/{process.child.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
