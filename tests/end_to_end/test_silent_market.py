"""A market that falls silent while its connection lives, and a file whose ids are of another exchange: no minute is called quiet that is not."""

import sqlite3
import urllib.parse

from http_case import HttpCase
from rows import BITCOIN

ETHER = "kraken:ETH/USD"


class SilentMarketTest(HttpCase):
    def start(self, exchange, **options):
        """Two markets, with /health."""
        markets = [{"exchange": "kraken", "symbol": symbol} for symbol in ("BTC/USD", "ETH/USD")]
        daemon = self.daemon(self.config(exchange, market=markets, server={"enabled": True, "listen": "127.0.0.1:0"},
                                         **options))
        url = urllib.parse.urlsplit(daemon.wait_log("http server listens")[0]["url"])
        self.address = (url.hostname, url.port)
        return daemon

    def state(self, market=ETHER):
        health = self.get("/health")
        state = next(one["state"] for one in health.json()["markets"] if one["market"] == market)
        self.assertEqual(health.status == 503, bool(health.json()["reasons"]))
        return state

    def wait_state(self, daemon, *states, market=ETHER):
        return daemon.wait_for(f"{market} to be {' or '.join(states)}", lambda: self.state(market) in states)

    def wrong_quiet(self, daemon, market=ETHER):
        return daemon.rows.one("SELECT count(*) FROM candles c WHERE c.market = ? AND c.state = 'quiet' AND EXISTS (SELECT 1 FROM "
                               "trades t WHERE t.market = c.market AND substr(t.time, 1, 16) = substr(c.open_time, 1, 16))", market)

    def test_one_of_two_markets_falls_silent(self):
        exchange = self.exchange(speed=20, history="10m", symbols=["BTC/USD", "ETH/USD"])
        daemon = self.start(exchange)
        self.wait_state(daemon, "live", "quiet")
        exchange.fault("stall_symbol?symbol=ETH%2FUSD&seconds=25")
        self.wait_state(daemon, "silent")
        problem = next(one for one in self.get("/health").json()["problems"] if one["reason"] == "silent")
        self.assertEqual(problem["market"], ETHER)
        self.assertIn(self.state(BITCOIN), ("live", "quiet"))
        self.assertEqual(len(daemon.log("silent while REST has trades")), 1)
        daemon.wait_for("its trades over REST", lambda: daemon.rows.count("trades", f"market = '{ETHER}' AND source = 'rest'") > 300)
        self.wait_state(daemon, "live", "quiet")
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        ids = daemon.rows.ids(ETHER)
        self.assert_each_id_once(ids, exchange.market("ETH/USD")["first_id"], daemon.rows.last_id(ETHER))
        self.assertEqual(self.wrong_quiet(daemon), 0)
        self.assertEqual(daemon.rows.count("gaps"), 0)
        verified = self.run_command(self.config(exchange, market=[{"exchange": "kraken", "symbol": "ETH/USD"}]), ["verify"])
        self.assertEqual(verified.exit_code(), 0, verified.tail(20))

    def test_ids_of_another_exchange(self):
        exchange = self.exchange(speed=20, history="10m", symbols=["BTC/USD", "ETH/USD"])
        daemon = self.start(exchange)
        self.wait_state(daemon, "live", "quiet")
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        with sqlite3.connect(daemon.rows.path) as connection:
            market = connection.execute("SELECT id FROM market WHERE name = 'kraken:ETH/USD'").fetchone()[0]
            connection.execute("UPDATE trade SET trade_id = trade_id + 4000000000 WHERE market = ?", (market,))
        connection.close()
        last = daemon.rows.last_id(ETHER)
        candles = daemon.rows.count("candles", f"market = '{ETHER}'")
        quiet = daemon.rows.count("candles", f"market = '{ETHER}' AND state = 'quiet'")
        daemon = self.start(exchange)
        self.wait_state(daemon, "alien_ids")
        health = self.get("/health")
        self.assertEqual(health.status, 503)
        problem = next(one for one in health.json()["problems"] if one["reason"] == "alien_ids")
        self.assertIn(str(last), problem["text"])
        self.assertIn(ETHER, problem["text"])
        daemon.wait_for("its minutes to be gaps", lambda: daemon.rows.count("candles", f"market = '{ETHER}'") >= candles + 3)
        self.assertEqual(daemon.rows.count("candles", f"market = '{ETHER}' AND state = 'quiet'"), quiet)
        self.assertEqual(len(daemon.log("cannot belong", level="error")), 1)
        self.assertEqual(daemon.stop(), 0)

