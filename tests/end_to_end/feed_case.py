"""What every test of a running feed asks: does it stream, is each id there once, is each closed candle right."""

from harness import Case
from rows import BITCOIN, expected_candles, minute_of


class FeedCase(Case):
    def live(self, *, kraken=None, **options):
        """An exchange with a little history, and a daemon that streams from it."""
        exchange = self.exchange(**{"speed": 60, "history": "20m", **options})
        daemon = self.daemon(self.config(exchange, kraken=kraken or {}))
        self.wait_stream(daemon)
        return exchange, daemon

    def wait_stream(self, daemon, more=40):
        """Until so many more trades have come by stream."""
        before = daemon.rows.count("trades", "source = 'stream'")
        daemon.wait_for("live trades", lambda: daemon.rows.count("trades", "source = 'stream'") >= before + more)

    def assert_each_id_once(self, ids, first, last):
        self.assertEqual(len(ids), len(set(ids)), "an id stands twice")
        self.assertEqual((ids[0], ids[-1], len(ids)), (first, last, last - first + 1), "ids are missing")

    def assert_candles_right(self, rows, trades=None, market=BITCOIN):
        """Each candle from the first trade to the last that is closed equals the one computed from the trades."""
        stored = rows.candles(market)
        last = stored[-1].open_time
        trades = trades or rows.trades(market)
        expected = expected_candles([trade for trade in trades if minute_of(trade[1]) <= last], last)
        self.assertEqual([candle.open_time for candle in stored], [candle.open_time for candle in expected])
        for got, wanted in zip(stored, expected):
            self.assertEqual(got, wanted)

    def assert_nothing_lost(self, exchange, daemon):
        """Stops the daemon. Every id is there, no gap is recorded, every closed candle is right."""
        self.wait_stream(daemon)
        first = exchange.market()["first_id"]
        self.assertEqual(daemon.stop(), 0)
        self.assert_each_id_once(daemon.rows.ids(), first, daemon.rows.last_id())
        self.assertEqual(daemon.rows.count("gaps"), 0)
        self.assert_candles_right(daemon.rows)
