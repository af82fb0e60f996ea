"""Order books: recorded beside the trades, checked, asked for anew when wrong, and the same where two runs both saw them."""

import random
import struct
import time
import urllib.request
from decimal import Decimal

from feed_case import FeedCase
from rows import BITCOIN

LIST = ["rsi_7", "logret_1", "book_spread_ratio", "book_imbalance_5", "book_microprice_spread", "mlofi_1_1", "mlofi_5_5"]
FIRST_BOOK_FEATURE = 2
BOOK_COLUMNS = ("open_time, best_bid, bid_quantity, best_ask, ask_quantity, spread_mean, imbalance_1, imbalance_5_mean, "
                "order_flow_1, order_flow_10, updates")


class BookCase(FeedCase):
    def book_daemon(self, exchange, name="daemon", **tables):
        tables.setdefault("market", [{"exchange": "kraken", "symbol": "BTC/USD", "book": 10}])
        tables.setdefault("market", [{"exchange": "kraken", "symbol": "BTC/USD", "book": 10}])
        config = self.config(exchange, database=f"{name}.sqlite", features={"list": LIST},
                             server={"enabled": True, "listen": "127.0.0.1:0"}, **tables)
        return self.daemon(config, name=name)

    def whole_books(self, daemon, more=1, wanted="whole AND updates > 0"):
        """Waits for so many more whole intervals."""
        before = daemon.rows.count("books", wanted)
        daemon.wait_for("whole books", lambda: daemon.rows.count("books", wanted) >= before + more)

    def metrics(self, daemon):
        url = daemon.wait_log("http server listens")[0]["url"].rstrip("/")
        with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        samples = [line.rpartition(" ") for line in text.splitlines() if line and line[0] != "#"]
        return {name: float(value) for name, _, value in samples}


class RecordedBookTest(BookCase):
    def test_each_live_candle_has_its_book_and_features(self):
        exchange = self.exchange(speed=120, history="20m")
        daemon = self.book_daemon(exchange)
        self.whole_books(daemon, more=8)
        metrics = self.metrics(daemon)
        market = f'{{market="{BITCOIN}"}}'
        self.assertGreater(metrics["candled_book_updates_total" + market], 100)
        self.assertEqual(metrics["candled_book_mismatches_total" + market], 0)
        self.assertEqual(metrics["candled_book_valid" + market], 1)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.problems(), [])
        rows = daemon.rows.all("SELECT b.best_bid, b.best_ask, b.imbalance_5, b.whole, c.close, f.row FROM books b JOIN candles c "
                               "ON c.open_time = b.open_time JOIN feature f ON strftime('%Y-%m-%dT%H:%M:%SZ', f.open_time / 1000000000, "
                               "'unixepoch') = b.open_time WHERE NOT b.late AND c.state = 'traded'")
        self.assertGreater(len(rows), 5)
        for bid, ask, imbalance, whole, close, row in rows:
            self.assertLess(bid, ask)
            self.assertTrue(bid <= close <= ask, (bid, close, ask))  # the last trade stands at the top of the book
            values = struct.unpack(f"{len(LIST)}d", row)
            self.assertAlmostEqual(values[2], 2 * (ask - bid) / (ask + bid), 12)
            self.assertEqual(values[3], imbalance)
            self.assertEqual(values[5] != values[5], not whole)  # flow over a part of a minute is not known

    def test_wrong_checksums_and_lost_messages_cost_one_resubscription_each(self):
        exchange = self.exchange(speed=60, history="20m")
        daemon = self.book_daemon(exchange)
        self.whole_books(daemon)
        for number, fault in enumerate(("book_checksum", "book_drop?trades=3", "book_checksum?trades=50"), 1):
            exchange.fault(fault)
            daemon.wait_log("order book broken", count=number)
            self.whole_books(daemon, more=2)
        self.assertLess(len(daemon.log("order book broken")), 8)
        metrics = self.metrics(daemon)
        self.assertGreaterEqual(metrics[f'candled_book_resyncs_total{{market="{BITCOIN}"}}'], 3)
        self.assertEqual(exchange.status()["connections_total"], 1)
        self.assert_nothing_lost(exchange, daemon)

    def test_a_refused_book_is_one_line_and_the_trades_go_on(self):
        exchange = self.exchange(speed=60, history="20m", faults=["book_refused"])
        daemon = self.book_daemon(exchange)
        self.wait_stream(daemon, more=200)
        self.assertEqual(len(daemon.log("no order book")), 1)
        self.assertEqual(len(daemon.problems()), 1)
        self.assertEqual(daemon.rows.count("books"), 0)
        self.assert_nothing_lost(exchange, daemon)

    def test_no_book_wanted(self):
        exchange = self.exchange(speed=60, history="20m")
        daemon = self.book_daemon(exchange, market=[{"exchange": "kraken", "symbol": "BTC/USD", "book": 0}])
        self.wait_stream(daemon, more=100)
        self.assertEqual(exchange.status()["books_sent"], 0)
        self.assertEqual(daemon.rows.count("books"), 0)
        self.assert_nothing_lost(exchange, daemon)


class KilledBookTest(BookCase):
    def run_through(self, name, kills):
        exchange = self.exchange(speed=240, history="1h", length="2h", seed=11)
        tables = {"history": {"on_start": "12h"}}
        daemon = self.book_daemon(exchange, name, **tables)
        dice = random.Random(3)
        for _ in range(kills):
            self.whole_books(daemon, more=2)
            time.sleep(dice.uniform(0.0, 0.5))  # the moment is the point here; nothing waits for it
            daemon.kill()
            daemon = self.book_daemon(exchange, name, **tables)
        self.wait_end_of_tape(exchange, daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.problems(), [])
        exchange.kill()
        return daemon.rows

    def test_killed_runs_have_the_books_and_rows_of_an_uninterrupted_one(self):
        """But for what nobody saw while the daemon was off: there a book is not whole or not there, and its features are NaN."""
        whole, killed = self.run_through("whole", 0), self.run_through("killed", 4)
        books = [dict((row[0], row) for row in run.all(f"SELECT {BOOK_COLUMNS} FROM books WHERE whole")) for run in (whole, killed)]
        both = books[0].keys() & books[1].keys()
        self.assertGreater(len(both), 30)
        self.assertGreater(len(books[0].keys() - both), 0, "the kills cost nothing, so they tested nothing")
        for open_time in sorted(both):
            self.assertEqual(books[1][open_time], books[0][open_time])
        end = whole.one("SELECT max(time) FROM trade")  # behind the last trade of the tape the runs stop at different times
        rows = [dict(run.all("SELECT open_time, row FROM feature WHERE open_time <= ?", end)) for run in (whole, killed)]
        self.assertEqual(rows[0].keys(), rows[1].keys())
        known = 0
        for open_time, row in rows[0].items():
            expected = struct.unpack(f"{len(LIST)}d", row)
            got = struct.unpack(f"{len(LIST)}d", rows[1][open_time])
            self.assertEqual(struct.pack("2d", *got[:FIRST_BOOK_FEATURE]), struct.pack("2d", *expected[:FIRST_BOOK_FEATURE]))
            for one, other in zip(got[FIRST_BOOK_FEATURE:], expected[FIRST_BOOK_FEATURE:]):
                if one == one and other == other:
                    self.assertEqual(one, other)
                    known += 1
        self.assertGreater(known, 100)

class ExtremeNumbersTest(BookCase):
    """A market whose numbers no 64-bit count of 1e-10 and 1e-8 holds: stream, books, candles, accounts, verify."""

    def tape(self, name, price, quantity):
        dice = random.Random(20)
        lines = ["price,volume,timestamp,type,trade_id"]
        for number in range(1, 1501):
            price *= Decimal(1) + Decimal(dice.randint(-100, 100)) / 100_000
            whole = price.quantize(Decimal("1e-15") if price < 1 else Decimal("0.01"))
            amount = (quantity * dice.randint(1, 10**6) / 10**6).quantize(Decimal("1e-5"))
            lines.append(f"{whole:f},{amount:f},{1735689600 + number * Decimal('0.4')},{dice.choice(['buy', 'sell'])},{number}")
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n")
        rows = [line.split(",") for line in lines[1:]]
        return path, [(int(row[4]), Decimal(row[0]), Decimal(row[1])) for row in rows]

    def test_every_digit_is_kept(self):
        for name, price, quantity in (("low", Decimal("1.234e-12"), Decimal("1.5e12")), ("high", Decimal("5e9"), Decimal("3e11"))):
            with self.subTest(name):
                path, trades = self.tape(name, price, quantity)
                exchange = self.exchange(speed=120, history="2m", trades=[path])
                daemon = self.book_daemon(exchange, name=name, paper={"latency_ms": 0})
                self.wait_end_of_tape(exchange, daemon)
                metrics = self.metrics(daemon)
                self.assertEqual(metrics[f'candled_book_mismatches_total{{market="{BITCOIN}"}}'], 0)
                self.assertEqual(metrics[f'candled_book_valid{{market="{BITCOIN}"}}'], 1)
                self.assertEqual(daemon.stop(), 0)
                self.assertEqual(daemon.problems(), [])

                def number(cell, decimals):
                    return Decimal(cell.decode()) if isinstance(cell, bytes) else Decimal(cell).scaleb(-decimals)

                stored = daemon.rows.all("SELECT trade_id, price, quantity, time FROM trade ORDER BY trade_id")
                self.assertEqual([(row[0], number(row[1], 10), number(row[2], 8)) for row in stored], trades)
                volumes = {}
                for row in stored:
                    minute = row[3] // 60_000_000_000
                    volumes[minute] = volumes.get(minute, 0) + number(row[2], 8)
                candles = daemon.rows.all("SELECT open_time, volume FROM candle WHERE state = 0")
                self.assertGreater(len(candles), 5)
                for open_time, volume in candles:
                    self.assertEqual(number(volume, 8), volumes[open_time // 60_000_000_000])
                self.assertGreater(daemon.rows.count("fills"), 0)
                for cash, position, at, equity in daemon.rows.all("SELECT cash, position, price, equity FROM equity"):
                    self.assertAlmostEqual((cash + position * at) / equity, 1, 9)
                verify = self.run_command(self.config(exchange, database=f"{name}.sqlite"), ["verify", "--json"], "verify")
                self.assertEqual(verify.exit_code(), 0, verify.out())
