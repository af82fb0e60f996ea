"""An exchange that misbehaves on the WebSocket: the process lives on, nothing is lost, candles are right."""

from feed_case import FeedCase
from harness import wait_until
from relay import Relay
from rows import BITCOIN

FRAMES = ("truncated", "wrong_types", "unknown_channel", "empty_data", "not_json", "huge")


class BrokenFramesTest(FeedCase):
    def test_broken_frames(self):
        exchange, daemon = self.live()
        for frame in FRAMES:
            with self.subTest(frame=frame):
                unseen = exchange.status()["trades_unseen"]
                exchange.fault(f"bad_frame?frame={frame}&trades=5")
                wait_until("five trades to pass unseen", lambda: exchange.status()["trades_unseen"] >= unseen + 5)
                self.wait_stream(daemon)
        self.assert_nothing_lost(exchange, daemon)
        self.assertGreater(len(daemon.problems()), 0, "broken frames are told")

    def test_exponents_repeats_and_lost_trades(self):
        exchange, daemon = self.live()
        for fault in ("exponent?trades=50", "repeat?trades=30", "drop?trades=1", "drop?trades=120",
                      "exponent?trades=20", "snapshot_descending", "cut?seconds=1&trades=10", "message_rate"):
            exchange.fault(fault)
            self.wait_stream(daemon)
        self.assert_nothing_lost(exchange, daemon)

    def test_trades_that_come_behind_their_minute(self):
        """So many are lost in a row that ticks close minutes without them: late, and those candles are made anew."""
        exchange, daemon = self.live()
        exchange.fault("drop?trades=300")
        daemon.wait_for("a revision", lambda: daemon.rows.count("candles", "revision > 0"))
        self.wait_stream(daemon)
        self.assertGreater(daemon.rows.count("trades", "late"), 0)
        self.assert_nothing_lost(exchange, daemon)

    def test_eighteen_digit_ids(self):
        """Kraken's ids may have so many; a double holds fifteen of them."""
        first = 999_999_999_999_990_000
        tape = self.folder / "tape.csv"
        lines = ["price,volume,timestamp,type,trade_id"]
        for number in range(3600):
            side = "buy" if number % 3 else "sell"
            lines.append(f"100000.{number % 10},0.{number % 7 + 1},{1_735_689_600 + number}.25,{side},{first + number}")
        tape.write_text("\n".join(lines) + "\n")
        exchange, daemon = self.live(trades=[tape], history=None, extra=["--start", "2025-01-01T00:20:00Z"])
        exchange.fault("drop?trades=20")
        self.wait_stream(daemon)
        self.assertEqual(daemon.rows.one("SELECT min(trade_id) FROM trades"), first)
        self.assert_nothing_lost(exchange, daemon)

    def test_stalls(self):
        exchange, daemon = self.live(kraken={"watchdog": "1500ms"})
        exchange.fault("stall?seconds=4")
        daemon.wait_for("a new connection", lambda: exchange.status()["connections_total"] >= 2)
        self.wait_stream(daemon)
        self.assert_nothing_lost(exchange, daemon)

    def test_maintenance_and_ban(self):
        exchange, daemon = self.live()
        for fault in ("maintenance?seconds=3", "ban?seconds=3"):
            with self.subTest(fault=fault):
                connections = exchange.status()["connections_total"]
                exchange.fault(fault)
                if fault.startswith("ban"):
                    exchange.fault("cut?trades=5")
                wait_until("a connection again", lambda: exchange.status()["connections_total"] > connections and
                           exchange.status()["subscriptions"] == 1, alive=[daemon])
                self.wait_stream(daemon)
        self.assertLess(exchange.status()["connections_total"], 15, "it asks with patience")
        self.assert_nothing_lost(exchange, daemon)


class WhoAnswersTest(FeedCase):
    def test_unknown_symbol_is_told_once_and_others_live(self):
        exchange = self.exchange(speed=60, history="20m")
        daemon = self.daemon(self.config(exchange, market=[{"symbol": "NOPE/USD"}, {"symbol": "BTC/USD"}]))
        self.wait_stream(daemon)
        self.wait_stream(daemon)
        lines = [line for line in daemon.problems() if "NOPE/USD" in str(line)]
        self.assertEqual(len(lines), 1, lines)
        self.assertEqual(daemon.rows.count("trades", f"market != '{BITCOIN}'"), 0)
        self.assert_nothing_lost(exchange, daemon)

    def test_only_an_unknown_symbol(self):
        exchange = self.exchange(speed=60)
        daemon = self.daemon(self.config(exchange, market=[{"symbol": "NOPE/USD"}]))
        daemon.wait_for("a line", lambda: [line for line in daemon.problems() if "NOPE/USD" in str(line)])
        self.assertEqual(daemon.stop(), 0)

    def test_certificate_of_another_authority(self):
        """Refused with one line for each link; taken when the right server answers at the same address."""
        stranger = self.exchange(speed=60, history="20m", extra=["--start-at-once"])
        exchange = self.exchange(speed=60, history="20m")
        relay = Relay(stranger.port)
        self.addCleanup(relay.close)
        config = self.config(exchange, kraken={"websocket_url": f"wss://127.0.0.1:{relay.port}/v2",
                                               "rest_url": f"https://127.0.0.1:{relay.port}/0/public"})
        daemon = self.daemon(config)
        line = daemon.wait_for("two lines about the certificate", lambda: self.certificate_lines(daemon)[1:])[0]
        self.assertIn("127.0.0.1", str(line))
        refused = stranger.status()["connections_total"]
        daemon.wait_for("a few attempts", lambda: relay.connections >= 6)
        self.assertEqual((refused, stranger.status()["subscriptions"]), (0, 0))
        lines = self.certificate_lines(daemon)
        self.assertEqual(len(lines), 2, f"one line for the stream, one for REST: {lines}")
        relay.target_port = exchange.port
        self.wait_stream(daemon)
        self.assert_nothing_lost(exchange, daemon)

    def test_certificate_of_another_host(self):
        """The authority is right and the name is not: 127.0.0.2 stands in no certificate."""
        exchange = self.exchange(speed=60, history="20m", extra=["--start-at-once"])
        relay = Relay(exchange.port, address="127.0.0.2")
        self.addCleanup(relay.close)
        daemon = self.daemon(self.config(exchange, kraken={"websocket_url": f"wss://127.0.0.2:{relay.port}/v2",
                                                           "rest_url": f"https://127.0.0.2:{relay.port}/0/public"}))
        line = daemon.wait_for("a line about the certificate", lambda: self.certificate_lines(daemon))[0]
        self.assertIn("127.0.0.2", str(line))
        self.assertEqual((exchange.status()["subscriptions"], daemon.rows.count("trades")), (0, 0))
        self.assertEqual(daemon.stop(), 0)

    def test_nobody_there_at_first(self):
        exchange = self.exchange(speed=60, history="20m")
        relay = Relay(port=1)
        self.addCleanup(relay.close)
        daemon = self.daemon(self.config(exchange, kraken={"websocket_url": f"wss://127.0.0.1:{relay.port}/v2",
                                                           "rest_url": f"https://127.0.0.1:{relay.port}/0/public"}))
        daemon.wait_for("a line", daemon.problems)
        relay.target_port = exchange.port
        self.wait_stream(daemon)
        self.assert_nothing_lost(exchange, daemon)

    @staticmethod
    def certificate_lines(daemon):
        return [line for line in daemon.problems() if "certificate" in str(line)]
