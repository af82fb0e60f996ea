"""Metrics by Prometheus' rules, and the board and the alerts that use them."""

import json
import re
import shutil
import subprocess
import time
import unittest
from pathlib import Path

from http_case import HttpCase

ETC = Path(__file__).resolve().parents[2] / "etc"
PROMTOOL = shutil.which("promtool")
NAME = re.compile(r"\b(?:candled|process)_[a-z0-9_]+")
NOT_BASE_UNITS = ("_ms", "_us", "_milliseconds", "_minutes", "_hours", "_kilobytes", "_megabytes", "_percent")


def families(text):
    """{name: (type, help, [(labels, value)])} of the text format."""
    found = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name, _, words = line[7:].partition(" ")
            found[name] = [None, words, []]
        elif line.startswith("# TYPE "):
            name, _, kind = line[7:].partition(" ")
            found[name][0] = kind
        elif line:
            name, labels, value = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line).groups()
            family = name if name in found else re.sub(r"_(bucket|sum|count)$", "", name)
            found[family][2].append((dict(re.findall(r'(\w+)="([^"]*)"', labels or "")), float(value)))
    return found


class MonitoringTest(HttpCase):
    def test_metrics(self):
        _, daemon = self.serve()
        daemon.wait_for("fills", lambda: daemon.rows.count("fills") > 0 and daemon.rows.count("predictions", "outcome IS NOT NULL") > 3)
        daemon.wait_for("live figures", lambda: b"candled_live_accuracy_ratio{" in self.get("/metrics").body)
        text = self.get("/metrics").body.decode()
        known = families(text)
        for name, (kind, words, samples) in known.items():
            with self.subTest(name=name):
                self.assertRegex(name, r"^[a-z][a-z0-9_]*$")
                self.assertEqual(kind == "counter", name.endswith("_total"), kind)
                self.assertFalse(name.endswith(NOT_BASE_UNITS + ("_count", "_sum", "_bucket", "_info_total")))
                self.assertTrue(words and not words.endswith("."))
                self.assertLess(len(samples), 200, "labels of high cardinality")
                self.assertTrue(all(kind != "counter" or value >= 0 for _, value in samples))
        self.assertEqual(known["candled_build_info"][2][0][1], 1)
        self.assertGreater(known["process_resident_memory_bytes"][2][0][1], 1e6)
        for words in ("candled_feed_trades_total", "candled_strategy_equity", "candled_database_bytes", "candled_live_brier_score"):
            self.assertTrue(known[words][2], words)
        if PROMTOOL:
            lint = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
            self.assertEqual((lint.returncode, lint.stderr + lint.stdout), (0, ""))

        used = NAME.findall((ETC / "grafana" / "candled.json").read_text() + (ETC / "prometheus" / "alerts.yml").read_text())
        absent = {name for name in used if name not in known and re.sub(r"_(bucket|sum|count)$", "", name) not in known}
        self.assertEqual(absent, set(), "the board or an alert asks for what there is not")

        began = time.monotonic()
        for _ in range(50):
            self.get("/metrics")
        print(f"    /metrics: {(time.monotonic() - began) * 20:.1f} ms each, connection included")

    def test_board(self):
        board = json.loads((ETC / "grafana" / "candled.json").read_text())
        ids = [panel["id"] for panel in board["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        for panel in board["panels"]:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            self.assertTrue(panel["type"] == "row" or all(target["expr"] for target in panel["targets"]), panel["title"])

    @unittest.skipUnless(PROMTOOL, "promtool (package prometheus) is not installed")
    def test_alerts(self):
        for command in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
            done = subprocess.run([PROMTOOL, *command], cwd=ETC / "prometheus", capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
