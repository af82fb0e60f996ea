#!/usr/bin/env python3
"""Sums up a run of ctest: one line with what passed, failed and was skipped, under a line for each reason of a skip.

    ctest --output-junit FILE --test-output-size-passed 100000000 ...; summary.py FILE

A program of tests counts with its cases (Catch2, Python's unittest, node's runner, the browser tests), every other test as one. What says
"skipped: REASON", ends with the code of a skip, or is disabled did not pass; what could not be started, crashed or ran out of time failed.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter

CATCH_GOOD = re.compile(r"^All tests passed \(.* in (\d+) test cases?\)", re.M)
CATCH_BAD = re.compile(r"^test cases:(.*)$", re.M)
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_END = re.compile(r"^(?:OK|FAILED) \((.*)\)$", re.M)
UNITTEST_SKIP = re.compile(r"\.\.\. skipped (['\"])(.*)\1$", re.M)
NODE = re.compile(r"^(?:#|ℹ) (pass|fail|cancelled|skipped|todo) (\d+)$", re.M)
BROWSER = re.compile(r"^browser: (\d+) passed, (\d+) failed$", re.M)
SKIP = re.compile(r"^ *skipped: (.*)$", re.M)


def number_before(word, text):
    found = re.search(rf"(\d+) {word}", text)
    return int(found.group(1)) if found else 0


def number_of(word, text):
    found = re.search(rf"{word}=(\d+)", text)
    return int(found.group(1)) if found else 0


def cases(output):
    """The cases that a program says it ran, and the reasons of its skips."""
    sums, reasons = Counter(), SKIP.findall(output)
    for ran in CATCH_GOOD.findall(output):
        sums["passed"] += int(ran)
    for line in CATCH_BAD.findall(output):
        sums["passed"] += number_before("passed", line)
        sums["failed"] += number_before("failed", line)
    if sums:  # a case of Catch2 that warns of its skip is among those that passed
        sums["skipped"] = min(len(reasons), sums["passed"])
        sums["passed"] -= sums["skipped"]
    sums["passed"] += sum(map(int, UNITTEST_RAN.findall(output)))
    for line in UNITTEST_END.findall(output):
        bad = number_of("failures", line) + number_of("errors", line)
        skipped = number_of("skipped", line)
        sums["passed"] -= bad + skipped
        sums["failed"] += bad
        sums["skipped"] += skipped
    reasons += [reason for _, reason in UNITTEST_SKIP.findall(output)]
    for word, count in NODE.findall(output):
        sums[{"pass": "passed", "fail": "failed", "cancelled": "failed"}.get(word, "skipped")] += int(count)
    for passed, failed in BROWSER.findall(output):
        sums["passed"] += int(passed)
        sums["failed"] += int(failed)
    return +sums, reasons


def judge(test):
    """One test of ctest: its sums, and the reasons of its skips."""
    status, output = test.get("status"), test.findtext("system-out") or ""
    if status == "disabled":
        return Counter(skipped=1), ["disabled"]
    if status == "notrun":
        message = test.find("skipped").get("message", "") if test.find("skipped") is not None else ""
        if not message.startswith("SKIP_"):
            return Counter(failed=1), []
        return Counter(skipped=1), SKIP.findall(output) or ["it does not say why"]
    sums, reasons = cases(output)
    if status == "fail":
        sums["failed"] = max(sums["failed"], 1)
    elif not sums:
        sums["skipped" if reasons else "passed"] = 1
    return sums, reasons


def main():
    sums = Counter(passed=0, failed=0, skipped=0)
    for test in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        of_test, reasons = judge(test)
        sums.update(of_test)
        for reason, count in Counter(reasons).items():
            times = f" ({count} times)" if count > 1 else ""
            print(f"skipped: {test.get('name')}: {reason}{times}")
    print(f"{sums['passed']} passed, {sums['failed']} failed, {sums['skipped']} skipped")


if __name__ == "__main__":
    main()
