"""--backfill, --from, --to, --candles and --gap-fill: complete, resumable, and never asking for the same twice."""

import json
import random
import signal

from feed_case import FeedCase
from harness import Timeout, wait_until
from rows import Rows

PAGE_TRADES = 1000


class HistoryTest(FeedCase):
    def history_exchange(self):
        """A market whose clock stands: nobody subscribes, so each run finds the same past."""
        return self.exchange(speed=1, history="12h")

    def requests(self, exchange):
        return exchange.status()["rest_requests"]

    def test_backfill_interrupted_and_run_again(self):
        exchange = self.history_exchange()
        whole = self.run_command(self.config(exchange, database="whole.sqlite"), ["--backfill", "6h"])
        self.assertEqual(whole.exit_code(), 0, whole.err())
        needed = self.requests(exchange)
        expected = whole.rows.trades(), whole.rows.candles()
        self.assertGreater(len(expected[0]), 15_000)
        self.assert_complete(exchange, whole.rows)

        config = self.config(exchange, database="parts.sqlite", kraken={"rest_interval": "100ms"})
        before = self.requests(exchange)
        runs = 0
        for number in (signal.SIGINT, signal.SIGKILL, signal.SIGINT, signal.SIGKILL):
            stored = Rows(config["storage"]["path"]).count("trades")
            command = self.daemon(config, ["--backfill", "6h"], name="backfill")
            enough = stored + 2 * PAGE_TRADES
            command.wait_for("some of it", lambda: command.rows.count("trades") > enough, pause_s=0.005)
            command.send(number)
            code = command.wait(10)
            self.assertEqual(code, -signal.SIGKILL if number == signal.SIGKILL else 1, command.err())
            runs += 1
        last = self.run_command(config, ["--backfill", "6h"])
        self.assertEqual(last.exit_code(), 0, last.err())
        # Each run asks for the time and the pair, and the page that a stop cuts short comes again.
        self.assertLessEqual(self.requests(exchange) - before, needed + 5 * (runs + 1))
        self.assertEqual(last.rows.trades(), expected[0])
        self.assertEqual(last.rows.candles(), expected[1])

        before = self.requests(exchange)
        again = self.run_command(config, ["--backfill", "6h"])
        self.assertEqual(again.exit_code(), 0, again.err())
        self.assertLessEqual(self.requests(exchange) - before, 6, "what is stored is not fetched again")
        self.assertEqual((again.rows.trades(), again.rows.candles()), expected)

    def assert_complete(self, exchange, rows):
        """Each trade up to the newest that REST has, and the candles of each minute but the open one."""
        ids = rows.ids()
        self.assert_each_id_once(ids, ids[0], max(exchange.all_trades()))
        self.assert_candles_right(rows)
        self.assertEqual(rows.count("candles", "state = 'gap'"), 0)

    def test_backfill_in_front_of_what_is_stored(self):
        """First the last hour, then six: the older trades are late, their candles are made anew."""
        exchange = self.history_exchange()
        config = self.config(exchange)
        for back in ("1h", "6h"):
            command = self.run_command(config, ["--backfill", back])
            self.assertEqual(command.exit_code(), 0, command.err())
        self.assert_complete(exchange, command.rows)
        self.assertGreaterEqual(command.rows.count("candles"), 359)

    def test_backfill_killed_at_ten_random_moments(self):
        """The same rows as without a kill, and at no moment a candle that is wrong."""
        exchange = self.history_exchange()
        period = ["--from", "2024-12-31T19:00:00Z", "--to", "2024-12-31T23:30:00Z"]
        whole = self.run_command(self.config(exchange, database="whole.sqlite"), period)
        self.assertEqual(whole.exit_code(), 0, whole.err())
        expected = whole.rows.trades(), whole.rows.candles()
        self.assertLess(expected[0][-1][1], "2024-12-31T23:30")
        self.assertEqual(whole.rows.count("candles", "state = 'gap'"), 0)

        config = self.config(exchange, database="parts.sqlite", kraken={"rest_interval": "250ms"})
        dice = random.Random(7)
        kills = 0
        while kills < 10:
            command = self.daemon(config, period, name="backfill")
            try:
                self.assertEqual(command.wait(0.2 + 0.8 * dice.random()), 0, command.err())
                break  # it was quicker than the kills
            except Timeout:
                command.send(signal.SIGKILL)
                command.wait(10)
                kills += 1
        self.assertEqual(kills, 10)
        last = self.run_command(config, period)
        self.assertEqual(last.exit_code(), 0, last.err())
        self.assertEqual((last.rows.trades(), last.rows.candles()), expected)

    def test_periods_with_a_hole_between_them(self):
        """What lies between two periods is a hole and its candles are gaps, until --gap-fill."""
        exchange = self.history_exchange()
        config = self.config(exchange)
        for start, end in (("15:00", "15:30"), ("17:00", "17:30"), ("14:00", "14:10")):
            command = self.run_command(config, ["--from", f"2024-12-31T{start}:00Z", "--to", f"2024-12-31T{end}:00Z"])
            self.assertEqual(command.exit_code(), 0, command.err())
        self.assertEqual(command.rows.count("gaps", "filled IS NULL"), 2)
        gaps = [candle.open_time for candle in command.rows.candles() if candle.state == "gap"]
        self.assertGreater(len(gaps), 85 + 45)
        self.assertFalse([time for time in gaps if "T15:05" <= time[10:16] < "T15:29"])
        self.assertEqual(command.rows.count("candles", "open_time < '2024-12-31T14:09' AND state = 'gap'"), 0)
        checked = self.run_command(config, ["check", "data", "--json"])
        self.assertEqual(checked.exit_code(), 1)
        report = json.loads(checked.out())["markets"][0]
        self.assertEqual(len(report["trades"]["missing"]), 2)
        self.assertEqual(report["candles"]["gap"], len(gaps))
        filled = self.run_command(config, ["--gap-fill"])
        self.assertEqual(filled.exit_code(), 0, filled.err())
        self.assert_complete(exchange, filled.rows)
        checked = self.run_command(config, ["check", "data", "--json"])
        self.assertEqual(checked.exit_code(), 0, checked.out() + checked.err())
        report = json.loads(checked.out())
        self.assertTrue(report["whole"])
        self.assertEqual(report["markets"][0]["trades"]["missing_ids"], 0)
        self.assertEqual(report["markets"][0]["exchange"]["differ"], [])
        self.assertGreater(report["markets"][0]["exchange"]["compared"], 300)

    def test_periods_that_cannot_be(self):
        config = self.config()
        for arguments, words in ((["--from", "2025-02-02", "--to", "2025-02-01"], "not before"),
                                 (["--from", "2190-01-01"], "future"), (["--to", "2025-01-01"], "needs a start"),
                                 (["--from", "2025-02-30"], "neither a date"), (["--backfill"], "needs a duration"),
                                 (["--backfill", "1h", "--from", "2025-01-01", "--to", "2025-01-02"], "leave one")):
            with self.subTest(arguments=arguments):
                command = self.run_command(config, arguments)
                self.assertEqual(command.exit_code(), 2)
                self.assertIn(words, command.err())
                self.assertEqual(len(command.err().splitlines()), 1)

    def test_history_through_each_fault(self):
        """Pages cut short, wrong cursors, rate limits, error pages, a page that repeats: no id is lost."""
        exchange = self.history_exchange()
        for number, fault in enumerate(("rest_short?requests=9&amount=40", "rest_wrong_last?requests=5", "rest_limit?requests=1",
                                        "rest_error?requests=2", "rest_error?requests=1&amount=503", "rest_down?requests=2",
                                        "rest_inclusive?requests=9", "rest_slow?amount=300&requests=3", "rest_repeat?requests=4")):
            with self.subTest(fault=fault):
                exchange.fault(fault)
                command = self.run_command(self.config(exchange, database=f"fault-{number}.sqlite"), ["--backfill", "1h"])
                self.assertEqual(command.exit_code(), 0, command.err())
                exchange.clear()
                self.assert_complete(exchange, command.rows)

    def test_page_that_repeats_for_ever(self):
        exchange = self.history_exchange()
        exchange.fault("rest_repeat")
        command = self.run_command(self.config(exchange), ["--backfill", "1h"])
        self.assertEqual(command.exit_code(), 1)
        self.assertIn("again and again", command.err())
        exchange.clear()
        command = self.run_command(self.config(exchange), ["--backfill", "1h"])
        self.assertEqual(command.exit_code(), 0, command.err())
        self.assert_complete(exchange, command.rows)

    def test_several_markets_with_intervals_of_their_own(self):
        exchange = self.exchange(speed=1, history="6h", symbols=["BTC/USD", "ETH/USD"])
        config = self.config(exchange, market=[{"symbol": "BTC/USD"}, {"symbol": "ETH/USD", "interval": "5m"}])
        command = self.run_command(config, ["--backfill", "4h"])
        self.assertEqual(command.exit_code(), 0, command.err())
        self.assertEqual(dict(command.rows.all("SELECT DISTINCT market, interval FROM candles")),
                         {"kraken:BTC/USD": "1m", "kraken:ETH/USD": "5m"})
        self.assert_candles_right(command.rows)
        times = [time for time, in command.rows.all("SELECT open_time FROM candles WHERE market = 'kraken:ETH/USD'")]
        self.assertGreater(len(times), 40)
        self.assertTrue(all(int(time[14:16]) % 5 == 0 for time in times))
        self.assertEqual(command.rows.count("candles", "state = 'gap'"), 0)
        checked = self.run_command(config, ["check", "data", "--json"])
        self.assertEqual(checked.exit_code(), 0, checked.out())
        self.assertEqual([market["interval"] for market in json.loads(checked.out())["markets"]], ["1m", "5m"])

    def test_candles_of_the_exchange(self):
        """Where no trades are stored, the exchange's own candles are; trades that come later take their place."""
        exchange = self.history_exchange()
        config = self.config(exchange)
        command = self.run_command(config, ["--candles"])
        self.assertEqual(command.exit_code(), 0, command.err())
        count = command.rows.count("candles")
        self.assertGreater(count, 600)
        self.assertEqual(command.rows.count("candles", "state = 'gap'"), 0)
        self.assertEqual(command.rows.count("candles", "buy_trades IS NOT NULL"), 0)
        prices = command.rows.all("SELECT open_time, open, high, low, close, volume, trades FROM candles ORDER BY open_time")
        again = self.run_command(config, ["--candles"])
        self.assertEqual((again.exit_code(), again.rows.count("candles")), (0, count))
        trades = self.run_command(config, ["--backfill", "13h"])
        self.assertEqual(trades.exit_code(), 0, trades.err())
        later = dict((row[0], row) for row in trades.rows.all("SELECT open_time, open, high, low, close, volume, trades FROM candles"))
        for row in prices[1:]:
            self.assertEqual(later[row[0]], row)
        self.assertGreater(trades.rows.count("candles", "buy_trades IS NOT NULL"), 600)

    def test_history_while_the_daemon_runs(self):
        exchange = self.exchange(speed=60, history="20m")
        config = self.config(exchange)
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        for arguments in (["--backfill", "1h"], ["--gap-fill"], ["--candles"], ["compact"]):
            with self.subTest(arguments=arguments):
                command = self.run_command(config, arguments)
                self.assertEqual(command.exit_code(), 1)
                self.assertIn(f"in use by another candled (pid {daemon.child.pid})", command.err())
                self.assertEqual(len(command.err().splitlines()), 1)
        checked = self.run_command(config, ["check", "data", "--offline"])
        self.assertEqual(checked.exit_code(), 0, checked.out() + checked.err())
        self.assertIn("everything is whole", checked.out())
        self.assert_nothing_lost(exchange, daemon)

    def test_gap_fill_after_the_daemon_was_off(self):
        exchange = self.exchange(speed=120, history="30m", length="60m")
        config = self.config(exchange)
        daemon = self.daemon(config)
        daemon.wait_for("live trades", lambda: daemon.rows.count("trades", "source = 'stream'") > 100)
        self.assertEqual(daemon.stop(), 0)
        stopped_at = daemon.rows.last_id()
        wait_until("the end of the tape", lambda: exchange.status()["tape_ended"], alive=[exchange])
        before = self.requests(exchange)
        command = self.run_command(config, ["--gap-fill"])
        self.assertEqual(command.exit_code(), 0, command.err())
        market = exchange.market()
        self.assertGreater(market["last_id"], stopped_at + 500)
        self.assertEqual(command.rows.ids(), list(range(market["first_id"], market["last_id"] + 1)))
        self.assertEqual(command.rows.count("gaps"), 0)
        pages = (market["last_id"] - stopped_at) // (PAGE_TRADES - 20)  # which overlap a little
        self.assertLessEqual(self.requests(exchange) - before, 4 + pages)
        self.assert_candles_right(command.rows)
        candles = command.rows.candles()
        # The daemon goes on behind it.
        daemon = self.daemon(config)
        self.wait_end_of_tape(exchange, daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.rows.candles(until=candles[-1].open_time), candles)

    def test_daemon_that_was_off_for_too_long(self):
        """It catches up as far as catch_up_max; what is older is a recorded hole, filled behind the live trades or by --gap-fill."""
        exchange = self.exchange(speed=120, history="20m", length="80m")
        config = self.config(exchange, history={"catch_up_max": "5m"})
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        stopped_at = daemon.rows.last_id()
        exchange.wait_for("half an hour of the market", lambda: exchange.market()["last_id"] > stopped_at + 1500)
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        self.wait_end_of_tape(exchange, daemon)
        self.assertEqual(daemon.stop(), 0)
        holes = daemon.rows.all("SELECT first_missing_id, last_missing_id FROM gaps")
        self.assertEqual(len(holes), 1)
        self.assertEqual(holes[0][0], stopped_at + 1)
        self.assertGreater(holes[0][1], stopped_at + 500)
        if daemon.rows.count("gaps", "filled IS NULL"):
            self.assertGreater(daemon.rows.count("candles", "state = 'gap'"), 10)
        command = self.run_command(config, ["--gap-fill"])
        self.assertEqual(command.exit_code(), 0, command.err())
        self.assertEqual(command.rows.count("gaps", "filled IS NULL"), 0)
        self.assert_complete(exchange, command.rows)

    def test_gap_fill_on_an_empty_file(self):
        exchange = self.history_exchange()
        command = self.run_command(self.config(exchange, history={"on_start": "1h"}), ["--gap-fill"])
        self.assertEqual(command.exit_code(), 0, command.err())
        self.assert_complete(exchange, command.rows)
