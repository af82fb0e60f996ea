#!/usr/bin/env python3
"""Runs ctest over small programs of every kind that can pass, fail or be skipped, and checks what summary.py makes of it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SUMMARY = Path(__file__).resolve().parent / "summary.py"


def sum_up(output="", code=0, properties=""):
    """What summary.py prints of one test that prints this and ends with this code."""
    with tempfile.TemporaryDirectory(prefix="candled-summary-") as folder:
        Path(folder, "output").write_text(output)
        program = ["sh", "-c", f"cat output; exit {code}"] if code is not None else ["./no_such_program"]
        words = " ".join(f"[==[{word}]==]" for word in program)
        rule = f"set_tests_properties(it PROPERTIES {properties})\n" if properties else ""
        Path(folder, "CTestTestfile.cmake").write_text(f"add_test(it {words})\n{rule}")
        subprocess.run(["ctest", "--output-junit", "results.xml", "--test-output-size-passed", "100000000"], cwd=folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return subprocess.run([sys.executable, str(SUMMARY), f"{folder}/results.xml"], stdout=subprocess.PIPE, text=True,
                              check=True).stdout.splitlines()


class SummaryTest(unittest.TestCase):
    def check(self, expected, *reasons, **test):
        self.assertEqual(sum_up(**test), [*(f"skipped: it: {reason}" for reason in reasons), expected])

    def test_a_plain_test_is_one(self):
        self.check("1 passed, 0 failed, 0 skipped", output="fine\n")
        self.check("0 passed, 1 failed, 0 skipped", output="bad\n", code=1)
        self.check("0 passed, 1 failed, 0 skipped", code=None)
        self.check("0 passed, 1 failed, 0 skipped", output="sleeps", code="$(sleep 5)", properties="TIMEOUT 0.2")

    def test_a_code_of_a_skip_is_a_skip(self):
        rule = "SKIP_RETURN_CODE 77"
        self.check("0 passed, 0 failed, 1 skipped", "no tool", output="skipped: no tool\n", code=77, properties=rule)
        self.check("0 passed, 0 failed, 1 skipped", "it does not say why", code=77, properties=rule)
        self.check("0 passed, 0 failed, 1 skipped", "no page", output="ok 1\nskipped: no page\n", code=77, properties=rule)
        self.check("0 passed, 1 failed, 0 skipped", "no tool", output="skipped: no tool\n", code=77)
        self.check("0 passed, 0 failed, 1 skipped", "disabled", properties="DISABLED TRUE")

    def test_catch(self):
        self.check("12 passed, 0 failed, 0 skipped", output="All tests passed (52 assertions in 12 test cases)\n")
        self.check("1 passed, 0 failed, 0 skipped", output="All tests passed (1 assertion in 1 test case)\n")
        self.check("10 passed, 0 failed, 2 skipped", "no data at /d (2 times)",
                   output="x_test.cpp:3: warning:\n  skipped: no data at /d\n\nx_test.cpp:9: warning:\n  skipped: no data at /d\n\n"
                          "All tests passed (52 assertions in 12 test cases)\n")
        self.check("3 passed, 2 failed, 0 skipped", code=2,
                   output="test cases:  5 |  3 passed |  2 failed\nassertions: 12 | 10 passed | 2 failed\n")
        self.check("0 passed, 2 failed, 0 skipped", code=2, output="test cases: 2 | 2 failed\nassertions: 2 | 2 failed\n")
        self.check("0 passed, 1 failed, 0 skipped", output="ERROR: AddressSanitizer: heap-use-after-free\n", code=1)
        self.check("12 passed, 1 failed, 0 skipped", code=23,  # leaks are found after the last case
                   output="All tests passed (52 assertions in 12 test cases)\nERROR: LeakSanitizer: detected memory leaks\n")

    def test_unittest(self):
        self.check("3 passed, 0 failed, 0 skipped", output="Ran 3 tests in 1.0s\n\nOK\n")
        self.check("4 passed, 0 failed, 2 skipped", "no data", "root may write anywhere",
                   output="test_a (t.A) ... skipped 'no data'\nRan 4 tests in 1.0s\n\nOK (skipped=1)\n== test_b\n"
                          "test_b (t.B) ... skipped 'root may write anywhere'\nRan 2 tests in 1.0s\n\nOK (skipped=1)\n")
        self.check("2 passed, 3 failed, 1 skipped", code=1,
                   output="Ran 6 tests in 1.0s\n\nFAILED (failures=2, errors=1, skipped=1)\n")

    def test_node_and_browser(self):
        self.check("5 passed, 0 failed, 1 skipped", output="# tests 6\n# pass 5\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0\n")
        self.check("5 passed, 2 failed, 0 skipped", output="ℹ tests 7\nℹ pass 5\nℹ fail 1\nℹ cancelled 1\n", code=1)
        self.check("9 passed, 2 failed, 0 skipped", output="browser: 9 passed, 2 failed\n", code=1)


if __name__ == "__main__":
    unittest.main()
