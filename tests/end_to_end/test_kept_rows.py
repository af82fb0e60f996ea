"""What was pruned on purpose does not come back unseen, and rows of candles that changed are made anew."""

import json
import time

from feed_case import FeedCase

MARKET = "kraken:BTC/USD"


class KeptRowsTest(FeedCase):
    def report(self, config):
        checked = self.run_command(config, ["check", "data", "--json", "--offline"])
        return json.loads(checked.out())["markets"][0]

    def compacted(self, config):
        done = self.run_command(config, ["compact", "--json"])
        self.assertEqual(done.exit_code(), 0, done.err())
        return json.loads(done.out())["pruned_rows"]

    def test_pruned_rows_are_not_made_anew_for_another_list(self):
        exchange = self.exchange(speed=60, history="4h")
        keep = {"keep_trades": "1h", "keep_features": "2h"}
        config = self.config(exchange, storage=keep)
        self.assertEqual(self.run_command(config, ["--backfill", "4h"]).exit_code(), 0)
        self.assertGreater(self.compacted(config), 100)
        before = self.report(config)
        daemon = self.daemon(self.config(exchange, storage=keep, features={"list": ["rsi_14", "logret_1"]}))
        daemon.wait_log("feature rows made anew")
        self.assertEqual(daemon.stop(), 0)
        rows = daemon.rows
        bound = "SELECT features_pruned_before FROM record_bounds"
        self.assertEqual(rows.one(f"SELECT count(*) FROM feature WHERE open_time < ({bound})"), 0)
        self.assertEqual(rows.one("SELECT count(DISTINCT hash) FROM feature"), 1)
        after = self.report(config)
        self.assertGreaterEqual(after["features_pruned_before"], before["features_pruned_before"])
        self.assertEqual(after["features_older"], 0)
        # All is kept from now on: the next list brings all rows back, and the note goes.
        daemon = self.daemon(self.config(exchange, features={"list": ["rsi_14", "logret_5"]}))
        daemon.wait_log("feature rows made anew")
        self.assertEqual(daemon.stop(), 0)
        self.assertGreater(rows.one("SELECT count(*) FROM feature"), 230)
        self.assertIsNone(self.report(config)["features_pruned_before"])

    def test_trades_that_come_back_are_told_and_pruned_again(self):
        exchange = self.exchange(speed=1, history="4h")
        all_kept = self.config(exchange)
        self.assertEqual(self.run_command(all_kept, ["--backfill", "4h"]).exit_code(), 0)
        old = self.folder / "old.csv"
        exported = self.run_command(all_kept, ["export", "trades", "--market", MARKET])
        lines = exported.out().splitlines(keepends=True)
        old.write_text("".join(lines[:600] + lines[800:2000]))
        config = self.config(exchange, storage={"keep_trades": "1h"})
        self.compacted(config)
        rows = exported.rows
        candles, first_id = rows.candles(), rows.ids()[0]
        for prune_again in (self.compacted, self.prune_with_daemon):
            with self.subTest(prune_again=prune_again.__name__):
                report = json.loads(self.run_command(config, ["import", old, "--market", MARKET, "--json"]).out())
                self.assertEqual(report["trades"]["new"], len(lines[:600]) - 1 + 1200)
                self.assertEqual(report["trades"]["pruned_once"], report["trades"]["new"])
                self.assertEqual(rows.candles(until=candles[-1].open_time), candles)
                data = self.report(config)
                self.assertTrue(data["whole"], data)
                self.assertEqual(data["trades_older"], report["trades"]["new"])
                prune_again(config)
                self.assertGreaterEqual(rows.ids()[0], first_id)
                self.assertEqual(self.report(config)["trades_older"], 0)
                self.assertEqual(rows.candles(until=candles[-1].open_time), candles)

    def prune_with_daemon(self, config):
        daemon = self.daemon(config)
        bound = "SELECT count(*) FROM trade WHERE time < (SELECT trades_pruned_before FROM record_bounds)"
        daemon.wait_for("old trades to go", lambda: daemon.rows.one(bound) == 0, 30)
        self.assertEqual(daemon.stop(), 0)

    def test_check_features_names_what_is_not_there(self):
        exchange = self.exchange(speed=60, history="1h")
        config = self.config(exchange)
        nothing = self.run_command(config, ["check", "features"])
        self.assertEqual(nothing.exit_code(), 1)
        self.assertIn("there is no database", nothing.err())
        self.assertEqual(self.run_command(config, ["--backfill", "30m"]).exit_code(), 0)
        other = self.run_command(config, ["check", "features", "--market", "kraken:ETH/USD"])
        self.assertEqual((other.exit_code(), other.out()), (1, ""))
        self.assertIn(f"holds nothing of kraken:ETH/USD; it holds {MARKET}", other.err())

    def test_rows_of_fetched_candles_follow_the_trades(self):
        exchange = self.exchange(speed=60, history="3h")
        config = self.config(exchange)
        self.assertEqual(self.run_command(config, ["--backfill", "2h"]).exit_code(), 0)
        self.assertEqual(self.run_command(config, ["--candles"]).exit_code(), 0)
        daemon = self.daemon(config)
        daemon.wait_for("a fetched candle to give way", lambda: daemon.rows.count("candles", "revision > 0"))
        daemon.wait_for("its row to be made", lambda: daemon.rows.one("SELECT count(*) FROM feature_due") == 0)
        time.sleep(0.2)
        checked = self.run_command(config, ["check", "features", "--cuts", "50", "--json"])
        self.assertEqual(checked.exit_code(), 0, checked.out()[:600])
        self.assertEqual(json.loads(checked.out())["markets"][0]["differing"], 0)
        self.assertEqual(daemon.stop(), 0)
