#!/usr/bin/env python3
"""End-to-end tests: the real programs as separate processes, over TLS on loopback.

    run.py --candled build/candled                 all topics, two at a time
    run.py --candled build/candled -k live -k sighup   only tests whose name contains one of the words
    CANDLED_KEEP=1        keep the folders of the tests (below $TMPDIR)
    CANDLED_LONG=1        twenty kills instead of six
    CANDLED_DATA=DIR      where the recorded trades are (default: ../shared/data beside the source tree)
"""

import argparse
import os
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent


class TimedResult(unittest.TextTestResult):
    """One line a test with the time it took."""

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.stream.writeln(f"    {time.monotonic() - self.began:.1f} s")


def run_topic(name, patterns):
    loader = unittest.TestLoader()
    if patterns:
        loader.testNamePatterns = [f"*{pattern}*" for pattern in patterns]
    suite = loader.loadTestsFromName(name)
    if suite.countTestCases() == 0:
        return 0 if patterns else 1
    result = unittest.TextTestRunner(verbosity=2, resultclass=TimedResult, stream=sys.stdout).run(suite)
    return 0 if result.wasSuccessful() else 1


def run_apart(name, arguments):
    """The topic in an interpreter of its own, so that topics run beside each other and print one after the other."""
    command = [sys.executable, __file__, "--candled", arguments.candled, "--topic", name]
    for pattern in arguments.patterns:
        command += ["-k", pattern]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False)
    print(f"== {name}\n{done.stdout}", flush=True)
    return done.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candled", required=True, help="the program to test")
    parser.add_argument("--jobs", type=int, default=2, help="topics at a time (default 2)")
    parser.add_argument("--topic", help="one file in this process, such as test_live")
    parser.add_argument("-k", dest="patterns", action="append", default=[], help="only tests whose name contains this")
    arguments = parser.parse_args()
    arguments.candled = str(Path(arguments.candled).resolve())
    if not os.access(arguments.candled, os.X_OK):
        parser.error(f"{arguments.candled} is not a program")
    os.environ["CANDLED_BINARY"] = arguments.candled
    sys.path.insert(0, str(HERE))
    if arguments.topic:
        return run_topic(arguments.topic, arguments.patterns)
    began = time.monotonic()
    topics = sorted(path.stem for path in HERE.glob("test_*.py"))
    with ThreadPoolExecutor(max_workers=arguments.jobs) as workers:
        codes = list(workers.map(lambda name: run_apart(name, arguments), topics))
    bad = [name for name, code in zip(topics, codes) if code]
    verdict = "FAILED: " + " ".join(bad) if bad else "all good"
    print(f"end to end: {len(topics)} topics in {time.monotonic() - began:.0f} s, {verdict}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
