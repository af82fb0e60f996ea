"""--backfill and --gap-fill: complete, resumable, and never asking for the same twice."""

import signal

from feed_case import FeedCase
from harness import wait_until
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
