"""An exchange whose REST misbehaves while a hole is repaired, and holes that cannot be filled in time."""

from feed_case import FeedCase

# Each strikes before trades are lost; those that never end by themselves are bounded by a number of requests.
REST_FAULTS = ("rest_limit?requests=2", "rest_error?requests=3", "rest_down?requests=3",
               "rest_slow?amount=600&requests=4", "rest_short?requests=30", "rest_wrong_last?requests=6",
               "rest_lag?amount=120&requests=3", "rest_inclusive?requests=6")


class BadRestTest(FeedCase):
    def test_repair_through_each_fault(self):
        exchange, daemon = self.live()
        for fault in REST_FAULTS:
            with self.subTest(fault=fault):
                exchange.fault(fault)
                exchange.fault("drop?trades=40")
                first_lost = exchange.market()["last_id"]
                daemon.wait_for("the lost ones to be stored", lambda: (daemon.rows.last_id() or 0) > first_lost + 60)
                exchange.clear()
        self.assert_nothing_lost(exchange, daemon)

    def test_history_through_faults(self):
        exchange = self.exchange(speed=60, history="3h",
                                 faults=["rest_error?requests=2", "rest_limit?requests=1&after_seconds=1"])
        exchange.fault("rest_wrong_last?requests=3")
        exchange.fault("rest_short?amount=100&requests=10")
        daemon = self.daemon(self.config(exchange))
        self.wait_stream(daemon)
        self.assert_nothing_lost(exchange, daemon)

    def test_real_rate_limit(self):
        """One request a second and five at once are Kraken's; a client that keeps its interval is never refused."""
        exchange = self.exchange(speed=60, history="1h", rest_calls_per_second=5)
        daemon = self.daemon(self.config(exchange, kraken={"rest_interval": "250ms"}))
        self.wait_stream(daemon)
        exchange.fault("drop?trades=30")
        self.wait_stream(daemon)
        self.assertEqual([line for line in daemon.problems() if "limit" in str(line).lower()], [])
        self.assert_nothing_lost(exchange, daemon)


class HoleTest(FeedCase):
    def open_hole(self, exchange, daemon):
        """Loses trades while REST is down, until the hole is recorded. Returns its ids."""
        exchange.fault("rest_down")
        exchange.fault("drop?trades=150")
        daemon.wait_for("a gap", lambda: daemon.rows.count("gaps", "filled IS NULL"))
        return daemon.rows.all("SELECT first_missing_id, last_missing_id FROM gaps")[0]

    def holed(self, **kraken):
        exchange = self.exchange(speed=60, history="20m")
        config = self.config(exchange, kraken={"hold_back": "1s", **kraken})
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        return exchange, config, daemon

    def assert_hole_was_filled(self, exchange, rows, hole):
        first, last = hole
        self.assertEqual(rows.count("trades", f"trade_id BETWEEN {first} AND {last}"), last - first + 1)
        self.assert_each_id_once(rows.ids(), exchange.market()["first_id"], rows.last_id())
        self.assertEqual(rows.count("candles", "state = 'gap'"), 0)
        self.assertGreater(rows.count("candles", "revision > 0"), 0)
        self.assert_candles_right(rows)

    def test_hole_is_recorded_and_filled_later(self):
        exchange, _, daemon = self.holed()
        hole = self.open_hole(exchange, daemon)
        daemon.wait_for("its candles to be gaps", lambda: daemon.rows.count("candles", "state = 'gap'"))
        self.assertTrue([line for line in daemon.problems() if str(hole[0]) in str(line)], "it is told with its ids")
        self.wait_stream(daemon)  # live trades pass meanwhile
        self.assertEqual(daemon.wait_log("hole still open")[0]["next"], "trying again in 5s")
        exchange.clear()
        daemon.wait_for("the gap to be filled", lambda: daemon.rows.count("gaps", "filled IS NOT NULL"), 120)
        daemon.wait_for("its candles to be revised", lambda: daemon.rows.count("candles", "state = 'gap'") == 0)
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assert_hole_was_filled(exchange, daemon.rows, hole)

    def test_hole_is_filled_after_a_restart(self):
        exchange, config, daemon = self.holed()
        hole = self.open_hole(exchange, daemon)
        daemon.wait_for("its candles to be gaps", lambda: daemon.rows.count("candles", "state = 'gap'"))
        daemon.kill()
        exchange.clear()
        daemon = self.daemon(config)
        daemon.wait_for("the gap to be filled", lambda: daemon.rows.count("gaps", "filled IS NOT NULL"))
        daemon.wait_for("its candles to be revised", lambda: daemon.rows.count("candles", "state = 'gap'") == 0)
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assert_hole_was_filled(exchange, daemon.rows, hole)

    def test_hole_is_filled_page_by_page_through_errors_and_kills(self):
        """Each page is kept, the hole shrinks, and a restart goes on where it was."""
        exchange, config, daemon = self.holed(rest_interval="400ms", hold_back="5s")  # time for the history at this pace
        hole = self.open_hole(exchange, daemon)
        daemon.wait_for("its candles to be gaps", lambda: daemon.rows.count("candles", "state = 'gap'"))
        size = hole[1] - hole[0] + 1
        looks = 0
        exchange.clear()
        exchange.fault("rest_short?amount=15")
        for part in (size // 4, size // 2):
            def came():
                nonlocal looks
                looks += 1
                if looks % 15 == 0:
                    exchange.fault("rest_error?requests=1")  # again and again, while pages come
                return daemon.rows.count("trades", f"trade_id BETWEEN {hole[0]} AND {hole[1]}") >= part
            daemon.wait_for("a part of it", came, 60, pause_s=0.2)
            daemon.kill()
            missing = daemon.rows.all("SELECT first_missing_id, last_missing_id FROM gaps WHERE filled IS NULL")
            self.assertIn(hole[1], [last for _, last in missing])
            self.assertGreater(missing[0][0], hole[0])
            daemon = self.daemon(config)
        daemon.wait_for("the rest", lambda: daemon.rows.count("gaps", "filled IS NULL") == 0, 60)
        self.assertIn(hole, daemon.rows.all("SELECT first_missing_id, last_missing_id FROM gaps"))
        daemon.wait_for("its candles to be revised", lambda: daemon.rows.count("candles", "state = 'gap'") == 0)
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assert_hole_was_filled(exchange, daemon.rows, hole)
        self.assertEqual(self.run_command(config, ["verify"]).exit_code(), 0)

    def test_hole_is_filled_by_gap_fill(self):
        exchange, config, daemon = self.holed()
        hole = self.open_hole(exchange, daemon)
        daemon.wait_for("its candles to be gaps", lambda: daemon.rows.count("candles", "state = 'gap'"))
        self.assertEqual(daemon.stop(), 0)
        exchange.clear()
        command = self.run_command(config, ["--gap-fill"])
        self.assertEqual(command.exit_code(), 0, command.err())
        self.assertEqual(command.rows.count("gaps", "filled IS NOT NULL"), 1)
        self.assert_hole_was_filled(exchange, command.rows, hole)
