"""backtest: trades and candles, a model frozen or trained on the way, what is refused, what is stored and shown."""

import json
import random
import sqlite3
import subprocess
import unittest
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser

from harness import BINARY, SLOWNESS, Case

MARKET = "kraken:BTC/USD"
START = datetime(2025, 1, 1, tzinfo=timezone.utc)
CONFIG = """
[storage]
path = "b.sqlite"
[training]
every = "6h"
window = "1d"
minimum_candles = 300
[model]
directory = "models"
rounds = 20
[[strategy]]
name = "eager"
kind = "threshold"
enter = 0.5
leave = 0.5
"""


def klines(minutes, seed=1):
    dice, price, rows = random.Random(seed), 20_000.0, []
    for minute in range(minutes):
        opens = int((START + timedelta(minutes=minute)).timestamp()) * 1000
        close = price * (1 + dice.gauss(0, 0.001))
        high, low = max(price, close) * 1.0002, min(price, close) * 0.9998
        rows.append(f"{opens},{price:.2f},{high:.2f},{low:.2f},{close:.2f},5.5,{opens + 59999},110000,12,2.5,50000,0\n")
        price = round(close, 2)
    return rows


class Page(HTMLParser):
    """Whether every tag is closed, and which there are."""

    VOID = {"meta", "br", "line", "path", "rect", "circle", "i"}

    def __init__(self):
        super().__init__()
        self.tags, self.texts, self.addresses, self.scripts, self.charts = [], [], [], {}, []
        self.script = None

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.script = dict(attributes).get("type") if tag == "script" else None
        self.charts += [value for name, value in attributes if name == "data-chart"]
        self.addresses += [value for name, value in attributes if name in ("src", "href", "action")]

    def handle_endtag(self, tag):
        self.script = None

    def handle_data(self, data):
        if self.script:
            self.scripts[self.script] = self.scripts.get(self.script, "") + data
        else:
            self.texts.append(data)


class BacktestCase(Case):
    def setUp(self):
        super().setUp()
        (self.folder / "c.toml").write_text(CONFIG)

    def candled(self, *arguments, code=0, config="c.toml"):
        command = [BINARY, *map(str, arguments), "--config", config]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False, timeout=120 * SLOWNESS)
        self.stderr = done.stderr.decode()
        self.assertEqual(done.returncode, code, self.stderr[-2000:] + done.stdout.decode()[-500:])
        return done.stdout.decode()

    def refused(self, *arguments, code, says):
        """One line that says it."""
        self.candled(*arguments, code=code)
        lines = [line for line in self.stderr.splitlines() if line.startswith("candled:")]
        self.assertEqual(len(lines), 1, self.stderr)
        for word in says if isinstance(says, tuple) else (says,):
            self.assertIn(word, lines[0])

    def backtest(self, *arguments):
        return json.loads(self.candled("backtest", "--json", *arguments))

    def import_days(self, days):
        (self.folder / "k.csv").write_text("".join(klines(days * 1440)))
        self.candled("import", "k.csv", "--market", MARKET)


class CandlesTest(BacktestCase):
    def test_walk_forward_then_frozen_then_compared(self):
        self.import_days(4)
        walked = self.backtest("--walk-forward", "--from", "2025-01-02", "--models", "models", "--html", "w.html")
        self.first_stderr = self.stderr
        self.assertEqual(walked["mode"], "walk_forward")
        self.assertEqual(walked["data"]["candles"], 3 * 1440)
        self.assertTrue(walked["candles_only"])
        self.assertFalse(walked["in_sample"])
        self.assertTrue(any("next candle's open" in line for line in walked["warnings"]))
        self.assertEqual(len(walked["rounds"]), 12)
        for training in walked["rounds"]:  # each knows only what lies before it
            card = json.loads((self.folder / "models" / training["model"] / "meta.json").read_text())
            self.assertLessEqual(card["trained_to"], training["at"])
        names = [strategy["strategy"] for strategy in walked["strategies"]]
        self.assertEqual(names, ["eager", "buy_and_hold", "flat"])
        self.assertEqual(walked["strategies"][2]["total_return"], 0)
        self.assertGreater(walked["strategies"][0]["fees"], 0)
        self.assertGreater(walked["predictions"]["known"], 4000)

        model = walked["rounds"][0]["model"]
        self.refused("backtest", "--model", model, "--from", "2025-01-01", code=2, says=(model, "--in-sample"))
        sampled = self.backtest("--model", model, "--from", "2025-01-01", "--in-sample", "--html", "s.html")
        self.assertTrue(sampled["in_sample"])
        self.assertIn("IN SAMPLE", (self.folder / "s.html").read_text())
        frozen = self.backtest("--model", model)
        self.assertFalse(frozen["in_sample"])
        self.assertGreater(frozen["data"]["stored_feature_rows"], 2000)

        listed = json.loads(self.candled("backtest", "list", "--json"))["backtests"]
        self.assertEqual({row["backtest"] for row in listed}, {walked["backtest"], sampled["backtest"], frozen["backtest"]})
        self.assertEqual([row["in_sample"] for row in listed if row["backtest"] == sampled["backtest"]], [True])
        compared = json.loads(self.candled("backtest", "compare", walked["backtest"], frozen["backtest"], "--json"))
        self.assertEqual(len(compared["strategies"]), 3)
        self.assertAlmostEqual(compared["strategies"][1]["growth_of_b_over_a"], 0, places=6)  # buy and hold is the same in both
        rows = sqlite3.connect(self.folder / "b.sqlite").execute("SELECT backtest, strategy, in_sample FROM backtests").fetchall()
        self.assertEqual(len(rows), 9)
        self.check_page("w.html", walked)

    def check_page(self, name, answer):
        """One file: its tables, its data, and the script of its charts where the program holds one."""
        text = (self.folder / name).read_text()
        page = Page()
        page.feed(text)
        self.assertEqual(page.addresses, [])
        for word in ("Figures", "Months", "Predictions", "Trainings", "Configuration"):
            self.assertIn(word, page.texts)
        self.assertEqual(page.charts, ["equity", "drawdown", "fills", "returns", "calibration", "importance"])
        data = json.loads(page.scripts["application/json"])
        self.assertEqual(data["report"], answer)
        self.check_series(data["series"], answer)
        has_charts = "no charts" not in self.first_stderr
        self.assertEqual("module" in page.scripts, has_charts)
        self.assertEqual(page.tags.count("script"), 1 + has_charts)
        self.assertEqual("Tables only" in text, not has_charts)

    def check_series(self, series, answer):
        self.assertEqual([one["strategy"] for one in series["strategies"]], [one["strategy"] for one in answer["strategies"]])
        for curve in [series["price"], *(one["equity"] for one in series["strategies"])]:
            times = [time for time, _ in curve]
            self.assertTrue(all(a < b for a, b in zip(times, times[1:])))
            self.assertTrue(50 < len(times) <= 1202, len(times))
        for one, figures in zip(series["strategies"], answer["strategies"]):
            values = [value for _, value in one["equity"]]
            self.assertAlmostEqual(values[-1], figures["last_equity"], 2)
            peak, depth = 0, 0
            for value in values:
                peak = max(peak, value)
                depth = min(depth, value / peak - 1)
            self.assertTrue(-figures["maximum_drawdown"] - 1e-6 <= depth <= 0, (depth, figures["maximum_drawdown"]))  # at the steps shown
            self.assertEqual(one["fills"]["count"], figures["fills"])
            self.assertEqual(sum(bar[2] for bar in one["returns"]["bars"]), one["returns"]["count"] if one["returns"]["bars"] else 0)
        self.assertEqual({mark[2] for mark in series["strategies"][0]["fills"]["marks"]}, {"buy", "sell"})

    def test_no_text_ends_the_script_of_the_page(self):
        self.import_days(2)
        (self.folder / "<").mkdir()
        hostile = "</script><script>alert(1)<!--.csv"  # a file in the folder "<"
        (self.folder / "k.csv").rename(self.folder / hostile)
        self.backtest("--walk-forward", "--from", "2025-01-02", "--file", hostile, "--html", "h.html")
        page = Page()
        page.feed((self.folder / "h.html").read_text())
        data = json.loads(page.scripts["application/json"])
        self.assertTrue(any(hostile in file for file in data["report"]["data"]["files"]), data["report"]["data"]["files"])
        self.assertTrue(any(hostile in text for text in page.texts), "it is shown")
        self.assertEqual(page.tags.count("script"), len(page.scripts))

    def test_a_file_gives_what_its_import_gives(self):
        self.import_days(2)
        imported = self.backtest("--walk-forward", "--from", "2025-01-02")
        direct = self.backtest("--walk-forward", "--from", "2025-01-02", "--file", "k.csv")
        self.assertEqual([s["last_equity"] for s in direct["strategies"]], [s["last_equity"] for s in imported["strategies"]])
        self.assertEqual(direct["predictions"]["log_loss"], imported["predictions"]["log_loss"])

    def test_sweep(self):
        self.import_days(3)
        self.backtest("--walk-forward", "--from", "2025-01-02", "--models", "models")
        model = sorted(path.name for path in (self.folder / "models").iterdir())[0]
        swept = json.loads(self.candled("backtest", "--json", "--model", model, "--sweep", "strategy.eager.enter=0.50..0.56:0.02",
                                        "--sweep", "strategy.eager.stop_loss=0.01,0.02"))
        self.assertEqual(swept["trials"], 8)
        self.assertIsNotNone(swept["overfitting_probability"])
        one = next(v for v in swept["variants"] if v["parameters"] == {"enter": 0.5, "leave": 0.5, "stop_loss": 0.01})
        (self.folder / "one.toml").write_text(CONFIG + "stop_loss = 0.01\n")
        alone = json.loads(self.candled("backtest", "--json", "--model", model, config="one.toml"))["strategies"][0]
        self.assertEqual(one["total_return"], alone["total_return"])
        self.assertEqual(one["trades"], alone["trades"])

    def test_what_is_refused(self):
        self.refused("backtest", "--walk-forward", code=1, says="b.sqlite")
        self.import_days(2)
        self.refused("backtest", code=1, says="champion")
        self.refused("backtest", "--walk-forward", "--from", "2026-01-01", code=1, says="no data")
        self.refused("backtest", "--walk-forward", "--from", "2025-01-02", "--to", "2025-01-01", code=2, says="--to")
        self.refused("backtest", "--walk-forward", "--from", "soon", code=2, says="--from")
        self.refused("backtest", "--walk-forward", "--strategy", "lucky", code=2, says=("lucky", "eager"))
        self.refused("backtest", "--walk-forward", "--sweep", "strategy.eager.entre=0.5,0.6", code=2, says=("entre", "enter"))
        self.refused("backtest", "--walk-forward", "--sweep", "strategy.eager.enter=0.6..0.5:0.1", code=2, says="rise")
        self.refused("backtest", "--walk-forward", "--sweep", "strategy.eager.enter=0.5,0.5", code=2, says="twice")
        (self.folder / "a_file").write_text("")
        self.refused("backtest", "--walk-forward", "--models", "a_file", code=2, says="no folder")
        self.refused("backtest", "--walk-forward", "--html", "models/20250101_000000/meta.json", code=2, says="folder of models")
        self.refused("backtest", "--model", "../../etc", code=2, says="--model")
        self.refused("backtest", "--model", "20250101_000000", code=1, says="20250101_000000")
        self.refused("backtest", "--walk-forward", "--model", "20250101_000000", code=2, says="--walk-forward")
        self.refused("backtest", "compare", "a", "b", code=1, says="there is no backtest")
        for key, value in (("fee_bps", "-1.0"), ("latency_ms", "-1"), ("starting_balance", "0"), ("slippage_bps", "-0.5")):
            (self.folder / "bad.toml").write_text(CONFIG + f"[paper]\n{key} = {value}\n")
            self.candled("backtest", "--walk-forward", code=2, config="bad.toml")
            self.assertIn(key, self.stderr)

    def test_a_model_of_other_features_is_refused(self):
        self.import_days(2)
        self.backtest("--walk-forward", "--from", "2025-01-01T12:00:00Z", "--models", "models")
        model = sorted(path.name for path in (self.folder / "models").iterdir())[0]
        (self.folder / "other.toml").write_text(CONFIG + '[features]\nlist = ["rsi_14", "adx_14"]\n')
        self.candled("backtest", "--model", model, "--from", "2025-01-02", code=1, config="other.toml")
        self.assertIn(model, self.stderr)

    def test_gaps_are_said_with_their_share(self):
        rows = klines(2 * 1440)
        (self.folder / "k.csv").write_text("".join(rows[:1000] + rows[1288:]))
        said = self.backtest("--walk-forward", "--file", "k.csv", "--market", MARKET)
        self.assertAlmostEqual(said["data"]["gap_share"], 288 / 2880, places=6)
        self.assertTrue(any("gaps: 10.00 %" in line for line in said["warnings"]))


class LiveTest(BacktestCase):
    def test_while_a_daemon_runs_the_result_stands_beside_its_file(self):
        exchange = self.exchange(speed=120, history="6h")
        config = self.config(exchange)
        daemon = self.daemon(config)
        daemon.wait_for("candles", lambda: daemon.rows.count("candles") > 200)
        command = [BINARY, "backtest", "--walk-forward", "--json", "--config", str(self.write_config(config))]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False, timeout=120 * SLOWNESS)
        self.assertEqual(done.returncode, 0, done.stderr.decode()[-2000:])
        said = json.loads(done.stdout)
        self.assertGreater(said["data"]["trades"], 1000)
        self.assertEqual(said["data"]["candles_only"], 0)
        self.assertTrue(said["stored_in"].endswith(".backtests.sqlite"), said["stored_in"])
        self.assertEqual(daemon.stop(), 0)


if __name__ == "__main__":
    unittest.main()
