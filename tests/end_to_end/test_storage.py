"""The file over time: pruned, compacted, gone from its path, its checkpoint damaged, its log held by a reader."""

import json
import os
import sqlite3

from feed_case import FeedCase


class StorageTest(FeedCase):
    def pruning(self, exchange, **storage):
        return self.config(exchange, storage={"keep_trades": "1h", "keep_features": "1h", **storage})

    def test_pruned_while_it_runs_and_compacted_behind(self):
        exchange = self.exchange(speed=600, history="6h", symbols=["BTC/USD"])
        config = self.pruning(exchange)
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        first_kept = "SELECT min(time) >= (SELECT strftime('%Y-%m-%dT%H:%M', max(open_time), '-75 minutes') FROM candles) FROM trades"
        daemon.wait_for("old trades to be gone", lambda: daemon.rows.one(first_kept), 90)
        daemon.wait_for("old rows to be gone", lambda: daemon.rows.one("SELECT count(*) FROM feature") < 100, 90)
        self.wait_stream(daemon)
        daemon.kill()
        daemon = self.daemon(config)  # what recovery needs is still there
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        rows = daemon.rows
        self.assertEqual(rows.count("candles", "state = 'gap'"), 0)
        self.assertGreater(rows.count("candles"), 360)
        checked = self.run_command(config, ["check", "data", "--json", "--offline"])
        self.assertEqual(checked.exit_code(), 0, checked.out())
        self.assertIsNotNone(json.loads(checked.out())["markets"][0]["trades"]["pruned_before"])
        candles, trades = rows.candles(), len(rows.ids())
        size = os.path.getsize(rows.path)
        compact = self.run_command(config, ["compact", "--json"])
        self.assertEqual(compact.exit_code(), 0, compact.err())
        self.assertLess(os.path.getsize(rows.path), size)
        self.assertLessEqual(len(rows.ids()), trades)
        self.assertEqual(rows.candles(), candles)
        # Neither fetched again nor missed.
        pruned_before = rows.one("SELECT trades_pruned_before FROM record_bounds")
        filled = self.run_command(config, ["--gap-fill"])
        self.assertEqual(filled.exit_code(), 0, filled.err())
        back = self.run_command(config, ["--backfill", "300d"])
        self.assertEqual(back.exit_code(), 0, back.err())
        self.assertEqual(rows.one("SELECT count(*) FROM trade WHERE time < ?", pruned_before), 0)
        self.assertEqual(rows.candles(until=candles[-1].open_time), candles)

    def test_file_that_is_gone_ends_the_daemon(self):
        exchange, daemon = self.live()
        path = daemon.rows.path
        os.rename(path, path + ".moved")
        self.assertEqual(daemon.wait(15), 1)
        self.assertTrue([line for line in daemon.problems() if "gone from its path" in str(line)])

    def test_damaged_checkpoint_is_replayed_from_the_beginning(self):
        exchange = self.exchange(speed=120, history="40m")
        config = self.config(exchange, training={"enabled": True, "minimum_candles": 30, "horizon": "1m"})
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        daemon.wait_for("fills", lambda: daemon.rows.count("fills") > 5, 90)
        self.assertEqual(daemon.stop(), 0)
        before = daemon.rows.all("SELECT * FROM fills ORDER BY strategy, number")
        for station in ("trading/kraken:BTC/USD", "candles/kraken:BTC/USD"):
            with self.subTest(station=station):
                connection = sqlite3.connect(daemon.rows.path)
                connection.execute("UPDATE checkpoint SET state = substr(state, 1, 5) WHERE station = ?", (station,))
                connection.commit()
                connection.close()
                daemon = self.daemon(config)
                daemon.wait_log("the checkpoint cannot be used")
                count = daemon.rows.count("fills")
                self.wait_stream(daemon)
                daemon.wait_for("more fills", lambda: daemon.rows.count("fills") > count, 90)
                self.assertEqual(daemon.stop(), 0)
        after = daemon.rows.all("SELECT * FROM fills ORDER BY strategy, number")
        self.assertEqual([row for row in after if row in set(before)], before, "no fill went")
        self.assert_each_id_once(daemon.rows.ids(), exchange.market()["first_id"], daemon.rows.last_id())
        self.assert_candles_right(daemon.rows)
        self.assert_ledger_holds(daemon.rows)

    def assert_ledger_holds(self, rows):
        """The last equity point of each account is what its fills add up to."""
        for strategy, cash, position in rows.all("SELECT strategy, cash, position FROM equity e WHERE time = (SELECT max(time) FROM equity "
                                                 "WHERE strategy = e.strategy)"):
            fills = rows.all("SELECT side, quantity FROM fills WHERE strategy = ? AND time <= (SELECT max(time) FROM equity)", strategy)
            held = sum(quantity if side == "buy" else -quantity for side, quantity in fills)
            self.assertAlmostEqual(held, position, 6, strategy)

    def test_a_reader_does_not_make_the_log_grow_without_bound(self):
        exchange = self.exchange(speed=600, history="12h")
        daemon = self.daemon(self.config(exchange))
        self.wait_stream(daemon)
        log = daemon.rows.path + "-wal"
        reader = sqlite3.connect(f"file:{daemon.rows.path}?mode=ro", uri=True, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM candle").fetchone()
        self.wait_stream(daemon, 2000)
        reader.execute("ROLLBACK")
        reader.close()
        daemon.wait_for("the log to be cut", lambda: os.path.getsize(log) < 40 << 20)
        self.assertEqual(daemon.stop(), 0)
