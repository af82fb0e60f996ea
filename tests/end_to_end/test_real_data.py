"""Recorded trades of Kraken BTC/USD through the whole daemon, compared with a script's own reading of the files."""

import csv
import os
import unittest
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

from harness import Case, wait_until
from rows import BITCOIN, expected_candles, minutes_between, traded_candles

DATA = Path(os.environ.get("CANDLED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
TRADES = DATA / "trades" / "kraken-btcusd"
SEED_RUN = DATA / "seed-run" / "charan_candles_dedup.csv"


def iso_time(seconds):
    """1746481062.8681026 -> 2025-05-05T21:37:42.868102Z, from the text so that nothing is rounded."""
    whole, _, fraction = seconds.partition(".")
    moment = datetime.fromtimestamp(int(whole), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{moment}.{fraction[:6]:0<6}Z"


def recorded_trades():
    """(id, time, price, quantity, side) by id, each id once."""
    trades = {}
    for path in sorted(TRADES.glob("*.csv")):
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                number = int(row["trade_id"])
                price, volume = Decimal(row["price"]), Decimal(row["volume"])
                trades[number] = (number, iso_time(row["timestamp"]), price, volume, row["type"])
    return [trades[number] for number in sorted(trades)]


def stretches_of(trades):
    """Runs of contiguous ids."""
    runs = []
    for trade in trades:
        if runs and trade[0] == runs[-1][-1][0] + 1:
            runs[-1].append(trade)
        else:
            runs.append([trade])
    return runs


@unittest.skipUnless(TRADES.is_dir(), f"no recorded trades in {TRADES}: set CANDLED_DATA to where they are")
class RealDataTest(Case):
    @classmethod
    def setUpClass(cls):
        cls.trades = recorded_trades()
        cls.stretches = stretches_of(cls.trades)

    def feed(self, files, config, **options):
        """These files on the stream, as fast as the daemon reads. REST has no more than they have."""
        exchange = self.exchange(trades=files, speed=0, **options)
        config = {**config, "exchange.kraken": {**self.config(exchange)["exchange.kraken"], "hold_back": "1s"}}
        return exchange, self.daemon(config)

    def stored_run(self):
        """The first stretch trains a model; a second start goes on with it over the other three."""
        config = self.config(training={"enabled": True, "minimum_candles": 800, "every": "1d", "window": "365d"},
                             model={"rounds": 50}, paper={"stale_after": "3650d"}, history={"on_start": "off"},
                             # The second one buys whatever the model thinks of the time.
                             strategy=[{"name": "ultra_aggressive", "kind": "ultra_aggressive"},
                                       {"name": "easily_won", "kind": "threshold", "enter": 0.2, "leave": 0.1}])
        first = self.stretches[0]
        files = [path for path in sorted(TRADES.glob("*.csv")) if int(path.stem.rpartition("_")[2]) < 1746500000]
        exchange, daemon = self.feed(files, config)
        wait_until("the first stretch", lambda: daemon.rows.last_id() == first[-1][0], alive=[exchange, daemon])
        wait_until("a model", lambda: daemon.rows.count("models", "alias = 'champion'"), alive=[exchange, daemon])
        self.assertEqual(daemon.stop(), 0)
        exchange.kill()

        config["training"]["enabled"] = False
        exchange, daemon = self.feed([TRADES], config, extra=["--start", first[-1][1][:19] + "Z"])
        self.wait_end_of_tape(exchange, daemon)
        self.assertEqual(daemon.stop(), 0)
        return daemon.rows

    def test_every_trade_once_and_every_candle_right(self):
        self.assertEqual(len(self.trades), 24720)
        rows = self.stored_run()
        self.check_trades(rows)
        self.check_candles(rows)
        self.check_gaps(rows)
        self.check_seed_run(rows)
        self.check_predictions(rows)

    def check_predictions(self, rows):
        """What a model that learned from the first stretch alone said over the other three; shown, not judged."""
        right, up, n = rows.all("SELECT sum((probability_up > 0.5) = outcome), sum(outcome), count(*) FROM predictions "
                                "WHERE outcome IS NOT NULL")[0]
        self.assertGreater(n, 300)
        model, accuracy = rows.all("SELECT model, accuracy FROM models WHERE alias = 'champion'")[0]
        print(f"    model {model}: accuracy {accuracy:.3f} on its hold-out; {right / n:.3f} (n = {n}) on the stretches "
              f"behind it, always the more frequent direction {max(up, n - up) / n:.3f}")
        self.assertLess(right / n, 0.65, "too good to be true")
        fills = rows.all("SELECT strategy, count(*), sum(fee > 0) FROM fills GROUP BY strategy ORDER BY strategy")
        bold = ["ultra_aggressive"] if rows.one("SELECT max(probability_up) FROM predictions") > 0.5 else []
        self.assertEqual([name for name, _, _ in fills], ["buy_and_hold", "easily_won"] + bold)
        for strategy, count, charged in fills:
            self.assertEqual(count, charged, f"{strategy}: every fill pays its fee")
            equity = rows.one("SELECT equity FROM equity WHERE strategy = ? ORDER BY time DESC LIMIT 1", strategy)
            print(f"    {strategy}: {count} fills, 10000 became {equity:.2f}")

    def check_trades(self, rows):
        stored = rows.trades()
        self.assertEqual([trade[0] for trade in stored], [trade[0] for trade in self.trades])
        for got, wanted in zip(stored, self.trades):
            self.assertEqual(got[2:], (float(wanted[2]), float(wanted[3]), wanted[4]), f"trade {got[0]}")

    def check_candles(self, rows):
        stored = {candle.open_time: candle for candle in rows.candles()}
        for number, stretch in enumerate(self.stretches):
            expected = expected_candles(stretch)[1:]  # the first minute of a stretch is cut off by what came before it
            if number + 1 < len(self.stretches):
                expected = expected[:-1]  # and the last one by the hole behind it
            for candle in expected:
                self.assertEqual(stored[candle.open_time], candle)
            print(f"    stretch {number + 1}: {len(stretch)} trades, {len(expected)} candles equal, "
                  f"{sum(candle.state == 'quiet' for candle in expected)} of them quiet")

    def check_gaps(self, rows):
        jumps = [(before[-1][0] + 1, behind[0][0] - 1) for before, behind in zip(self.stretches, self.stretches[1:])]
        query = "SELECT first_missing_id, last_missing_id, filled FROM gaps WHERE market = ? ORDER BY 1"
        found = rows.all(query, BITCOIN)
        self.assertEqual(found, [(first, last, None) for first, last in jumps])
        for before, behind in zip(self.stretches, self.stretches[1:]):
            minutes = minutes_between(max(traded_candles(before[-500:])), min(traded_candles(behind[:500])))
            query = "SELECT open_time, state FROM candles WHERE open_time BETWEEN ? AND ?"
            states = dict(rows.all(query, minutes[0], minutes[-1]))
            self.assertEqual(set(states.values()), {"gap"})
            self.assertEqual(len(states), len(minutes), "every minute of a hole has its candle")

    def check_seed_run(self, rows):
        """Open, high, low and close as an older system had them; volume and count by the trades, as it doubled some."""
        wanted = {}
        with open(SEED_RUN, newline="") as file:
            for row in csv.DictReader(file):
                wanted[row["interval_start"][:19].replace(" ", "T") + "Z"] = row
        stretch = expected_candles(self.stretches[-1])
        compared = [candle for candle in stretch[1:-1] if candle.open_time in wanted]
        self.assertEqual(len(compared), 35)
        stored = {candle.open_time: candle for candle in rows.candles()}
        doubled = 0
        for candle in compared:
            row, got = wanted[candle.open_time], stored[candle.open_time]
            prices = tuple(float(row[key]) for key in ("open", "high", "low", "close"))
            self.assertEqual((got.open, got.high, got.low, got.close), prices)
            self.assertEqual((got.volume, got.trades), (candle.volume, candle.trades))
            doubled += int(row["trade_count"]) == 2 * got.trades
        self.assertEqual(doubled, 17, "the older system took the trades of these minutes in twice")
