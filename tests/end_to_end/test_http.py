"""What the daemon tells over HTTP while it runs: only what is committed, and only to who may ask."""

import json
import signal
import urllib.error
import urllib.request

from feed_case import FeedCase


class HttpTest(FeedCase):
    def serve(self, **server):
        exchange = self.exchange(speed=120, history="3h")
        config = self.config(exchange, training={"enabled": True, "minimum_candles": 100},
                             server={"enabled": True, "listen": "127.0.0.1:0", **server})
        daemon = self.daemon(config)
        self.url = daemon.wait_log("http server listens")[0]["url"]
        return exchange, daemon

    def get(self, path, headers=None):
        """(status, text)"""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(urllib.request.Request(self.url + path, headers=headers or {}), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_what_is_committed_is_shown(self):
        exchange, daemon = self.serve()
        daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 2)
        status, text = self.get("/health")
        self.assertEqual((status, json.loads(text)["status"]), (200, "ok"), text)

        status, text = self.get("/predictions/BTC-USD")
        self.assertEqual(status, 200, text)
        shown = json.loads(text)
        stored = daemon.rows.one("SELECT probability_up FROM predictions WHERE open_time = ?", shown["open_time"])
        self.assertEqual(shown["probability_up"], stored)

        status, text = self.get("/api/v1/candles?market=BTC-USD&limit=5")
        self.assertEqual(status, 200, text)
        candles = json.loads(text)["candles"]
        self.assertEqual(len(candles), 5)
        for candle in candles:
            stored = daemon.rows.one("SELECT close FROM candles WHERE open_time = ?", candle["open_time"])
            self.assertEqual(candle["close"], stored)

        status, text = self.get("/metrics")
        self.assertEqual(status, 200)
        self.assertIn("\n# TYPE candled_", text)
        self.assertEqual(self.get("/nowhere")[0], 404)
        self.assertEqual(self.get("/predictions/NOPE-USD")[0], 404)

        exchange.kill()
        daemon.wait_for("ill health", lambda: self.get("/health")[0] == 503)
        self.assertEqual(daemon.stop(signal.SIGTERM), 0)

    def test_token(self):
        _, daemon = self.serve(token="open-sesame")
        self.assertEqual(self.get("/api/v1/status")[0], 401)
        self.assertEqual(self.get("/api/v1/status", {"Authorization": "Bearer wrong"})[0], 401)
        self.assertEqual(self.get("/api/v1/status", {"Authorization": "Bearer open-sesame"})[0], 200)
        self.assertEqual(daemon.stop(), 0)
