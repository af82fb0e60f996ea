"""kill -9 at random moments: the rows of an interrupted run are those of uninterrupted ones with other layouts."""

import os
import random
import shutil
import time

from harness import Case, wait_until
from rows import BITCOIN

KILLS = 20 if os.environ.get("CANDLED_LONG") else 6
SEED = int(os.environ.get("CANDLED_SEED", "7"))

# What must be the same. Kraken's REST rounds the time of a trade to about 0.1 us and its stream cuts it to 1 us, so the
# time of a trade, and of a fill on it, is compared by itself, within 2 us. `late` and `source` may differ: a trade comes
# by stream in one run and by REST in the other. A prediction's outcome is a candle's close, which is compared, and may
# not be known yet where a run has stopped.
COMPARED = {
    "trades": "trade_id, price, quantity, side",
    "candles": "open_time, open, high, low, close, volume, buy_volume, trades, state, revision",
    "predictions": "open_time, horizon, probability_up, signal, model, stale",
    "fills": "strategy, number, side, quantity, price, fee, reason",
    "equity": "strategy, time, cash, position, price, equity",
}
TIME_COLUMN = {"trades": "time", "candles": "open_time", "predictions": "open_time", "fills": "time", "equity": "time"}


class CrashTest(Case):
    def trained_model(self):
        """A folder with one model, so that every run predicts with the same one from its first candle on."""
        exchange = self.exchange(speed=60, history="6h", seed=3)
        config = self.config(exchange, database="training.sqlite", training={"enabled": True, "minimum_candles": 250})
        trainer = self.daemon(config, name="trainer")
        wait_until("a model", lambda: trainer.rows.count("models"), alive=[trainer])
        self.assertEqual(trainer.stop(), 0)
        exchange.kill()
        return self.folder / "models"

    def crash_config(self, exchange, name, models, **tables):
        name = self._name(f"{name}-rows")
        directory = self.folder / f"models-{name}"
        shutil.copytree(models, directory, dirs_exist_ok=True)
        return self.config(exchange, database=f"{name}.sqlite", model={"directory": str(directory)},
                           paper={"stale_after": "3650d", "fee_bps": 1.0, "slippage_bps": 1.0},
                           history={"on_start": "12h"},  # more than the tape has, so both begin with its first trade
                           **tables)

    def exchange_for_runs(self, speed):
        return self.exchange(speed=speed, history="3h", length="5h", seed=5)

    def unhurried(self, run, *arguments):
        """The rows of a run in which no trade came late by stream. A machine that stands still for a quarter of a second lets a
        tick overtake trades; the candle is revised later, as it should be, but what was decided on it stays decided."""
        for _ in range(3):
            rows = run(*arguments)
            if rows.count("trade", "late = 1 AND source = 0") == 0:
                return rows
            print("    trades came late by stream: this machine stood still; once more")
        return rows

    def uninterrupted(self, models, layout, queue_capacity):
        exchange = self.exchange_for_runs(speed=900)
        threads = {"layout": layout, "queue_capacity": queue_capacity}
        config = self.crash_config(exchange, layout, models, threads=threads)
        daemon = self.daemon(config, name=layout)
        self.wait_end_of_tape(exchange, daemon)
        self.assertEqual(daemon.stop(), 0)
        exchange.kill()
        return daemon.rows

    def interrupted(self, models, dice):
        """Killed while it fetches history, while it catches up, while it streams, whenever the dice say."""
        exchange = self.exchange_for_runs(speed=100 if KILLS > 6 else 300)
        config = self.crash_config(exchange, "killed", models)
        kills, daemon = 0, self.daemon(config, name="killed")
        while kills < KILLS:
            if kills % 3 == 2:  # every third time it may come as far as streaming
                stored = daemon.rows.count("trades", "source = 'stream'")
                wait_until("live trades", lambda: daemon.rows.count("trades", "source = 'stream'") > stored or
                           exchange.status()["tape_ended"], alive=[daemon])
            time.sleep(dice.uniform(0.02, 1.0))  # the moment is the point here; nothing waits for it
            daemon.kill()
            kills += 1
            daemon = self.daemon(config, name="killed")
        daemon.wait_for("trades behind the last kill", lambda: daemon.log("ready to go on"))
        self.wait_end_of_tape(exchange, daemon)
        self.assertEqual(daemon.stop(), 0)
        exchange.kill()
        return daemon.rows

    def assert_same_rows(self, killed, whole):
        # Behind the last trade of the tape the runs stop at different times.
        end = whole.one("SELECT max(time) FROM trades")
        for view, columns in COMPARED.items():
            query = f"SELECT {columns} FROM {view} WHERE market = ? AND {TIME_COLUMN[view]} <= ? ORDER BY {columns}"
            expected, got = whole.all(query, BITCOIN, end), killed.all(query, BITCOIN, end)
            self.assertGreater(len(expected), 20, f"{view}: too few rows to say anything")
            for one, other in zip(got, expected):
                self.assertEqual(one, other, view)
            self.assertEqual(len(got), len(expected), view)
        for query in ("SELECT trade_id, time FROM trade WHERE trade_id <= ? ORDER BY 1",
                      "SELECT strategy * 1000000 + number, time FROM fill WHERE ? > 0 ORDER BY 1"):
            for one, other in zip(killed.all(query, whole.last_id()), whole.all(query, whole.last_id())):
                self.assertEqual(one[0], other[0])
                self.assertLess(abs(one[1] - other[1]), 2000)

    def test_killed_runs_leave_the_rows_of_an_uninterrupted_one(self):
        models = self.trained_model()
        whole = self.unhurried(self.uninterrupted, models, "stages", 4)
        for state in ("traded", "quiet"):
            self.assertGreater(whole.count("candles", f"state = '{state}'"), 0)
        self.assertEqual(whole.count("gaps"), 0)
        self.assert_same_rows(self.unhurried(self.uninterrupted, models, "inline", 65536), whole)
        self.assert_same_rows(self.unhurried(self.interrupted, models, random.Random(SEED)), whole)
