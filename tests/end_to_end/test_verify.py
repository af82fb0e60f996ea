"""candled verify: what a run with everything that can happen to it recorded is what its events give again, and what was changed is found.

CANDLED_LONG=1 makes the run a simulated day of six markets."""

import json
import os
import random
import shutil
import signal
import sqlite3
import time
import urllib.parse

from harness import SLOWNESS, wait_until
from http_case import HttpCase

LONG = bool(os.environ.get("CANDLED_LONG"))
SEED = int(os.environ.get("CANDLED_SEED", "3"))
TOKEN = "a-token-of-more-than-thirty-two-characters"
SYMBOLS = ["BTC/USD", "ETH/USD", "SOL/USD", "XRP/USD", "ADA/USD", "LTC/USD"] if LONG else ["BTC/USD", "ETH/USD"]
STRATEGIES = [{"name": "dynamic", "kind": "dynamic"}, {"name": "ultra", "kind": "ultra_aggressive"},
              {"name": "careful", "kind": "threshold", "enter": 0.5, "leave": 0.5, "stop_loss": 0.002, "limit_offset": 0.0002},
              {"name": "votes", "kind": "vote_hold", "threshold": 0.5, "decide_every": "5m"}]
FACTS = ("candles", "feature_rows", "predictions", "orders", "fills", "equity_points")


class VerifyCase(HttpCase):
    def start(self, config):
        daemon = self.daemon(config)
        url = urllib.parse.urlsplit(daemon.wait_log("http server listens")[0]["url"])
        self.address = (url.hostname, url.port)
        daemon.wait_log("ready to go on")
        return daemon

    def config_of(self, exchange, **paper):
        return self.config(
            exchange, market=[{"exchange": "kraken", "symbol": symbol} for symbol in SYMBOLS], strategy=STRATEGIES,
            kraken={"hold_back": "1s"}, training={"enabled": True, "minimum_candles": 120, "every": "4h" if LONG else "1h", "window": "1d"},
            paper={"stale_after": "3650d", "fee_bps": 2.0, "slippage_bps": 1.0, **paper},
            server={"enabled": True, "listen": "127.0.0.1:0", "token": TOKEN})

    def ask(self, path):
        answer = self.get(path, {"Authorization": f"Bearer {TOKEN}"}, "POST")
        self.assertEqual(answer.status, 200, answer.body)

    def is_paused(self):
        return self.get("/api/v1/status", {"Authorization": f"Bearer {TOKEN}"}).json()["paused"]

    def verify(self, config, database=None):
        """Exit code and report."""
        arguments = ["verify", "--json"] + (["--db", str(database)] if database else [])
        command = self.run_command(config, arguments, "verify")
        return command.exit_code(), json.loads(command.out()) if command.out() else command.err()

    def assert_all_equal(self, config, database=None):
        code, report = self.verify(config, database)
        self.assertIsInstance(report, dict, report)
        self.assertEqual((report["first_difference"], report["differences"], code), (None, 0, 0))
        return report


class VerifyTest(VerifyCase):
    def restart(self, daemon, config):
        daemon.kill()
        return self.start(config)

    def misfortune(self, what, exchange, daemon, config):
        """One of the things that happen to a daemon. Returns the one that runs afterwards."""
        if what == "cut":
            exchange.fault("cut?seconds=1&trades=30")
        elif what == "drop":
            exchange.fault("drop?trades=40")
        elif what == "hole":
            holes = daemon.rows.count("gaps")
            exchange.fault("rest_down")
            exchange.fault("drop?trades=150")
            daemon.wait_for("a hole", lambda: daemon.rows.count("gaps") > holes)
            exchange.clear()
            return self.restart(daemon, config)  # which asks for it at once
        elif what == "reload":
            daemon.send(signal.SIGHUP)
        elif what == "pause":
            self.ask("/api/v1/pause")
            daemon.wait_for("the pause", self.is_paused)
            daemon = self.restart(daemon, config)
            self.assertTrue(self.is_paused(), "a pause survives kill -9")
            wait_until("a candle while paused", lambda: daemon.log("candle"), alive=[daemon])
            self.ask("/api/v1/resume")
            daemon.wait_for("the end of the pause", lambda: not self.is_paused())
        elif what == "kill":
            return self.restart(daemon, config)
        elif what == "settings":
            config["paper"]["latency_ms"] = 500 + config["paper"].get("latency_ms", 250)
            return self.restart(daemon, config)
        return daemon

    def test_a_run_with_misfortunes_is_equal_to_its_replay(self):
        dice = random.Random(SEED)
        exchange = self.exchange(speed=600 if LONG else 300, history="2h" if LONG else "4h", symbols=SYMBOLS, seed=5,
                                 length="26h" if LONG else None, extra=["--trades-per-minute", "20"])
        config = self.config_of(exchange)
        daemon = self.start(config)
        daemon.wait_for("a model", lambda: daemon.rows.count("models") and daemon.rows.count("predictions") > 5)
        plan = ["cut", "drop", "reload", "kill", "pause", "hole", "settings", "kill"] * (6 if LONG else 1)
        dice.shuffle(plan)
        for what in plan:
            daemon = self.misfortune(what, exchange, daemon, config)
            time.sleep(dice.uniform(0.2, 5.0 if LONG else 1.0))  # the moment is the point
        if LONG:
            wait_until("the end of the tape", lambda: exchange.status()["tape_ended"], 300, [exchange, daemon], pause_s=0.5)
        daemon.wait_for("two trainings", lambda: daemon.rows.count("models") >= 2)
        while_it_runs = self.assert_all_equal(config)
        self.assertGreater(while_it_runs["compared"], 2000)
        self.assertEqual(daemon.stop(), 0)
        report = self.assert_all_equal(config)
        print(f"    {report['compared']} facts of {report['events']} events, {report['runs']} runs: {report['facts']}", flush=True)
        self.assertGreaterEqual(report["compared"], 100_000 if LONG else 4000)
        self.assertGreaterEqual(report["takeovers"], 2)
        self.assertGreaterEqual(report["pauses"], 2)
        self.assertGreaterEqual(report["runs"], 2, "other settings are another run")
        for kind in (*FACTS, "revised_candles"):
            self.assertGreater(report["facts"][kind]["compared"], 0, kind)
        self.assert_changes_are_found(config)
        self.assert_refusals(config)

    def assert_changes_are_found(self, config):
        """Each kind of row, changed by another program, is found and named."""
        changes = {
            "candle: recorded": "UPDATE candle SET volume = volume + 1 WHERE open_time = (SELECT max(open_time) FROM candle WHERE state = 0 AND revision = 0 AND sequence > 0)",
            " feature ": "UPDATE feature SET row = zeroblob(length(row)) WHERE open_time = (SELECT max(open_time) FROM feature WHERE sequence > 0)",
            "prediction: recorded": "UPDATE prediction SET probability_up = probability_up + 1e-15 WHERE open_time = (SELECT max(open_time) FROM prediction)",
            " order ": "UPDATE paper_order SET outcome = 3 WHERE outcome = 0 AND sequence = (SELECT max(sequence) FROM paper_order WHERE outcome = 0)",
            " fill ": "UPDATE fill SET price = price + 1 WHERE sequence = (SELECT max(sequence) FROM fill)",
            "fill of": "INSERT INTO fill SELECT strategy, market, number + 1000000, time, decided_on, side, quantity, price, fee, reason, sequence FROM fill LIMIT 1",
            "equity of": "UPDATE equity_point SET cash = cash + 1 WHERE time = (SELECT max(time) FROM equity_point)",
            "revised candle: recorded": "UPDATE candle SET volume = volume + 1 WHERE revision > 0 AND state = 0",
        }
        for word, sql in changes.items():
            with self.subTest(word):
                path = self.folder / "changed.sqlite"
                shutil.copy(config["storage"]["path"], path)
                connection = sqlite3.connect(path)
                self.assertGreater(connection.execute(sql).rowcount, 0, sql)
                connection.commit()
                connection.close()
                code, report = self.verify(config, path)
                self.assertEqual(code, 1, word)
                self.assertIn(word, report["first_difference"])

    def assert_refusals(self, config):
        def line(config, *arguments):
            command = self.run_command(config, ["verify", *arguments], "refused")
            self.assertNotEqual(command.exit_code(), 0)
            self.assertEqual(command.err().count("candled: "), 1, command.err())
            return command.exit_code(), command.err()

        self.assertIn("does not exist", line(config, "--db", "nowhere.sqlite")[1])
        self.assertEqual(line(config, "--nonsense")[0], 2)
        model = sorted((self.folder / "models").iterdir())[0]
        model.rename(self.folder / "away")
        code, text = line(config)
        self.assertEqual(code, 1)
        self.assertIn(f"model {model.name} took over", text)
        (self.folder / "away").rename(model)
        path = self.folder / "pruned.sqlite"
        shutil.copy(config["storage"]["path"], path)
        with sqlite3.connect(path) as connection:
            connection.execute("INSERT OR REPLACE INTO record_bounds (market, trades_pruned_before) VALUES (1, 1735700000000000000)")
        self.assertIn("were deleted ([storage] keep_trades)", line(config, "--db", str(path))[1])
        self.assertIn("do not explain its account", self.start_on_changed_fills(config))

    def start_on_changed_fills(self, config):
        path = self.folder / "fills.sqlite"
        shutil.copy(config["storage"]["path"], path)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE fill SET quantity = quantity + 1 WHERE number = 1 AND side = 0")
        daemon = self.run_command({**config, "storage": {"path": str(path)}}, [], "unexplained")
        self.assertEqual(daemon.exit_code(), 1)
        return daemon.err()


class PauseTest(VerifyCase):
    def test_pause_takes_effect_in_well_under_a_second_and_is_shown(self):
        exchange = self.exchange(speed=180, history="3h")
        config = {**self.config_of(exchange), "market": [{"exchange": "kraken", "symbol": "BTC/USD"}]}
        daemon = self.start(config)
        daemon.wait_for("fills", lambda: daemon.rows.count("fills") > 5)
        for _ in range(3):
            began = time.monotonic()
            self.ask("/api/v1/pause")
            daemon.wait_for("the pause", self.is_paused, pause_s=0.005)
            self.assertLess(time.monotonic() - began, 0.8 * SLOWNESS)
            self.ask("/api/v1/resume")
            daemon.wait_for("its end", lambda: not self.is_paused(), pause_s=0.005)
        self.ask("/api/v1/pause")
        daemon.wait_log("paper trading paused", 4)
        self.assertEqual(daemon.rows.count("pauses"), 7)
        sequence = daemon.rows.one("SELECT max(sequence) FROM pauses")
        predicted = daemon.rows.count("predictions")
        daemon.wait_for("predictions while paused", lambda: daemon.rows.count("predictions") > predicted + 10)
        self.assertEqual(daemon.rows.one("SELECT count(*) FROM fill WHERE side = 0 AND sequence > ?", sequence), 0)
        self.assertEqual(daemon.stop(), 0)
        again = self.start(config)
        self.assertTrue(self.is_paused())
        again.wait_log("paper trading is paused")
        self.assertEqual(again.stop(), 0)
        self.assertEqual(self.assert_all_equal(config)["pauses"], 7)
