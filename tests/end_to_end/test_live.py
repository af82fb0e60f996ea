"""A live run over TLS: history, candles, a lost connection with lost trades, SIGHUP, SIGTERM."""

import signal
from decimal import Decimal

from feed_case import FeedCase

TRAINED_SOON = {"enabled": True, "minimum_candles": 100, "every": "1h", "window": "1d"}


class LiveTest(FeedCase):
    def rest_trades(self, exchange, rows):
        """(id, stored time, price, quantity, side) with the numbers as REST writes them, for every id that REST has."""
        times = {trade[0]: trade[1] for trade in rows.trades()}
        sides = {"b": "buy", "s": "sell"}
        return [(number, times[number], Decimal(row[0]), Decimal(row[1]), sides[row[3]])
                for number, row in exchange.all_trades().items()]

    def test_history_and_live_trades_become_the_right_candles(self):
        exchange = self.exchange(speed=300, history="2h", length="150m")
        daemon = self.daemon(self.config(exchange))
        last = self.wait_end_of_tape(exchange, daemon)
        trades = self.rest_trades(exchange, daemon.rows)
        daemon.wait_for("proof that nothing trades any more", lambda: daemon.rows.count("candles", "state = 'quiet'"))
        self.assertEqual(daemon.stop(), 0)

        rows = daemon.rows
        self.assert_each_id_once(rows.ids(), trades[0][0], last)
        self.assert_candles_right(rows, trades)  # from what the exchange says
        self.assert_candles_right(rows)          # and from what is stored
        self.assertGreater(rows.count("trades", "source = 'stream'"), 500)
        self.assertGreater(rows.count("trades", "source = 'rest'"), 5000)
        self.assertEqual(rows.count("candles", "state = 'gap'"), 0)
        self.assertEqual((rows.count("gaps"), rows.count("trades", "late")), (0, 0))
        self.assertEqual(daemon.problems(), [])

    def test_lost_connection_with_lost_trades_is_repaired(self):
        exchange = self.exchange(speed=60, history="30m")
        daemon = self.daemon(self.config(exchange))
        daemon.wait_for("live trades", lambda: daemon.rows.count("trades", "source = 'stream'") > 60)
        first = exchange.market()["first_id"]
        before = daemon.rows.count("trades", "source = 'rest'")
        exchange.fault("cut?seconds=2&trades=20")
        daemon.wait_for("a second connection", lambda: exchange.status()["connections_total"] >= 2)
        last_seen = exchange.market()["last_id"]
        daemon.wait_for("trades behind the cut", lambda: daemon.rows.last_id() > last_seen)
        stream = daemon.rows.count("trades", "source = 'stream'")
        daemon.wait_for("more live trades", lambda: daemon.rows.count("trades", "source = 'stream'") > stream + 60)
        self.assertGreaterEqual(exchange.status()["trades_unseen"], 20)
        self.assertEqual(daemon.stop(), 0)
        rows = daemon.rows
        self.assert_each_id_once(rows.ids(), first, rows.last_id())
        self.assertGreaterEqual(rows.count("trades", "source = 'rest'"), before + 20, "the lost ones came over REST")
        self.assertEqual(rows.count("gaps"), 0)
        self.assertEqual(rows.count("candles", "state = 'gap'"), 0)
        self.assert_candles_right(rows)

    def test_sighup_reloads_the_champion_and_loses_nothing(self):
        exchange = self.exchange(speed=120, history="3h")
        daemon = self.daemon(self.config(exchange, training=TRAINED_SOON))
        daemon.wait_for("a champion", lambda: daemon.rows.count("models", "alias = 'champion'"))
        daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 1)
        for number in range(1, 4):
            daemon.send(signal.SIGHUP)
            daemon.wait_log("champion reloaded", count=number)
        predictions = daemon.rows.count("predictions")
        daemon.wait_for("predictions behind it", lambda: daemon.rows.count("predictions") > predictions + 3)
        self.assertEqual(exchange.status()["connections_total"], 1, "the connection stayed")
        self.assertEqual(daemon.stop(), 0)
        ids = daemon.rows.ids()
        self.assert_each_id_once(ids, exchange.market()["first_id"], ids[-1])
        self.assertEqual(daemon.rows.count("models"), 1, "reloading is not training")
        self.assertEqual(daemon.rows.count("gaps"), 0)
        self.assertEqual(daemon.problems(), [])

    def test_sighup_opens_the_log_file_anew(self):
        exchange = self.exchange(speed=60, history="10m")
        log = self.folder / "candled.log"
        daemon = self.daemon(self.config(exchange, log={"file": str(log)}))
        daemon.wait_for("a log", lambda: log.exists() and "watching" in log.read_text())
        log.rename(self.folder / "candled.log.1")
        daemon.send(signal.SIGHUP)
        daemon.wait_for("a new log", lambda: log.exists() and "candle" in log.read_text())
        self.assertEqual(daemon.stop(), 0)
        self.assertIn("stopped", log.read_text())
        self.assertEqual(daemon.err(), "")

    def test_sigterm_and_sigint_stop_within_ten_seconds(self):
        exchange = self.exchange(speed=600, history="6h")
        config = self.config(exchange)
        for number, moment in ((signal.SIGTERM, "fetching"), (signal.SIGINT, "streaming"), (signal.SIGTERM, "at rest")):
            with self.subTest(signal=number.name, while_it_is=moment):
                daemon = self.daemon(config)
                if moment == "fetching":
                    daemon.wait_for("a first trade", lambda: daemon.rows.count("trades"), pause_s=0.002)
                else:
                    trades = daemon.rows.count("trades", "source = 'stream'")
                    daemon.wait_for("live trades", lambda: daemon.rows.count("trades", "source = 'stream'") > trades)
                self.assertEqual(daemon.stop(number), 0)
                self.assertEqual(len(daemon.log("stopped")), 1)

    def test_two_markets_on_one_connection(self):
        exchange = self.exchange(speed=120, history="1h", length="90m", symbols=("BTC/USD", "ETH/USD"))
        config = self.config(exchange, market=[{"symbol": "BTC/USD"}, {"symbol": "ETH/USD", "interval": "5m"}])
        daemon = self.daemon(config)
        self.wait_end_of_tape(exchange, daemon)
        last = exchange.market("ETH/USD")["last_id"]
        daemon.wait_for("the other market", lambda: daemon.rows.last_id("kraken:ETH/USD") == last)
        self.assertEqual(exchange.status()["connections_total"], 1)
        self.assertEqual(daemon.stop(), 0)
        for symbol in ("BTC/USD", "ETH/USD"):
            ids = daemon.rows.ids(f"kraken:{symbol}")
            market = exchange.market(symbol)
            self.assert_each_id_once(ids, market["first_id"], market["last_id"])
        self.assert_candles_right(daemon.rows)
        self.assertEqual(daemon.rows.all("SELECT DISTINCT market, interval FROM candles ORDER BY 1"),
                         [("kraken:BTC/USD", "1m"), ("kraken:ETH/USD", "5m")])
