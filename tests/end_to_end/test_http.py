"""What the daemon tells over HTTP while it runs: only what is committed, as described, and only to who may ask."""

import gzip
import json
import re
import signal
import sqlite3
import subprocess
import threading
import time
from datetime import datetime, timezone

from harness import BINARY, SLOWNESS
from http_case import HttpCase
from json_schema import violations

TOKEN = "a-token-that-nobody-guesses-0123456789"


class HttpTest(HttpCase):
    def test_what_is_committed_is_shown(self):
        exchange, daemon = self.serve()
        daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 2)
        health = self.get("/health")
        self.assertEqual((health.status, health.json()["status"]), (200, "ok"), health.body)

        shown = self.get("/predictions/BTC-USD").json()
        stored = daemon.rows.one("SELECT probability_up FROM predictions WHERE open_time = ?", shown["open_time"])
        self.assertEqual(shown["probability_up"], stored)

        candles = self.get("/api/v1/candles?market=BTC-USD&limit=5").json()["candles"]
        self.assertEqual(len(candles), 5)
        for candle in candles:
            stored = daemon.rows.one("SELECT close FROM candles WHERE open_time = ?", candle["open_time"])
            self.assertEqual(candle["close"], stored)

        self.assertEqual(self.get("/nowhere").status, 404)
        self.assertEqual(self.get("/predictions/NOPE-USD").status, 404)
        self.assertTrue(self.get("/api/v1/status").json()["simulated"])

        exchange.kill()
        daemon.wait_for("ill health", lambda: self.get("/health").status == 503)
        self.assertEqual(daemon.stop(signal.SIGTERM), 0)

    def test_pages_and_series_agree_with_the_file(self):
        _, daemon = self.serve()
        daemon.wait_for("fills", lambda: daemon.rows.count("fills") > 5 and daemon.rows.count("predictions") > 10)
        stored = [row[0] for row in daemon.rows.all("SELECT open_time FROM candles ORDER BY open_time")]
        to = stored[-1]
        shown, cursor = [], ""
        while cursor is not None:
            page = self.get(f"/api/v1/candles?market=BTC-USD&to={to}&limit=50" + (f"&cursor={cursor}" if cursor else "")).json()
            shown += [candle["open_time"] for candle in page["candles"]]
            cursor = page["next"]
        self.assertEqual(shown, stored[:-1][::-1])

        for candle in self.get(f"/api/v1/candles?market=BTC-USD&to={to}&interval=15m&limit=8").json()["candles"][1:]:
            first = candle["open_time"]
            minutes = daemon.rows.all(
                "SELECT open, high, low, close, volume, trades FROM candles WHERE open_time >= ? AND "
                "open_time < strftime('%Y-%m-%dT%H:%M:%SZ', ?, '+15 minutes') ORDER BY open_time", first, first)
            expected = (minutes[0][0], max(m[1] for m in minutes), min(m[2] for m in minutes), minutes[-1][3],
                        sum(m[5] for m in minutes), len(minutes))
            got = tuple(candle[name] for name in ("open", "high", "low", "close", "trades", "candles"))
            self.assertEqual(got, expected)
            self.assertAlmostEqual(candle["volume"], sum(m[4] for m in minutes), 6)

        names = [entry["name"] for entry in self.get("/api/v1/indicators?market=BTC-USD").json()["indicators"]]
        self.assertGreater(len(names), 20)
        rows = self.get(f"/api/v1/indicators/{names[0]},{names[1]}?market=BTC-USD&limit=20").json()["indicators"]
        self.assertEqual([set(row) for row in rows], [{"open_time", names[0], names[1]}] * 20)

        for account in self.get("/api/v1/strategies").json()["strategies"]:
            where = "strategy = ?", account["strategy"]
            self.assertEqual(account["fills"], daemon.rows.one(f"SELECT count(*) FROM fills WHERE {where[0]}", where[1]))
            fees = daemon.rows.one(f"SELECT total(fee) FROM fills WHERE {where[0]}", where[1])
            self.assertAlmostEqual(account["fees"], fees, 6)

    def test_status_says_the_same_figures_as_the_metrics(self):
        _, daemon = self.serve()
        daemon.wait_for("decisions", lambda: self.get("/api/v1/status").json()["latency_s"]["decision"]["median"] is not None)
        status = self.get("/api/v1/status").json()
        metrics = self.get("/metrics").body.decode()
        trades = sum(float(value) for value in re.findall(r"^candled_feed_trades_total\{.*\} (\S+)$", metrics, re.M))
        self.assertTrue(0 < status["feed_totals"]["trades"] <= trades, (status["feed_totals"], trades))
        self.assertEqual(set(status["feed_totals"]), {"trades", "late_trades", "duplicates", "bad_frames", "reconnects"})
        self.assertNotIn(None, status["feed_totals"].values())
        for latency in status["latency_s"].values():
            self.assertTrue(0 < latency["median"] <= latency["p99"] < 60, latency)
        self.assertGreater(status["memory_bytes"], 1_000_000)

    def test_openapi_describes_what_is_answered(self):
        _, daemon = self.serve(token=TOKEN)
        daemon.wait_for("fills", lambda: daemon.rows.count("fills") > 0 and daemon.rows.count("predictions") > 8)
        document = self.get("/openapi.json").json()
        with_token = {"Authorization": f"Bearer {TOKEN}"}
        model = self.get("/api/v1/models", with_token).json()["models"][0]["model"]
        names = self.get("/api/v1/indicators", with_token).json()["indicators"]
        command = [BINARY, "backtest", "--in-sample", "--json", "--config", str(next(self.folder.glob("*.toml")))]
        backtest = json.loads(subprocess.run(command, capture_output=True, cwd=self.folder, check=True, timeout=60 * SLOWNESS).stdout)["backtest"]
        stands_for = {"symbol": "BTC-USD", "model": model, "backtest": backtest, "names": f"{names[0]['name']},{names[-1]['name']}"}
        values = {"market": "BTC-USD", "strategy": "dynamic", "from": "2020-01-01", "to": "2100-01-01T00:00:00Z", "limit": "7",
                  "interval": "5m", "points": "100"}
        for path, operations in document["paths"].items():
            target = re.sub(r"\{(\w+)\}", lambda found: stands_for[found.group(1)], path)
            for method, operation in operations.items():
                with self.subTest(path=path, method=method):
                    self.assertEqual(self.get(target, with_token, "DELETE").status, 405)
                    if path == "/api/v1/stream":
                        continue
                    queries = [""]
                    for parameter in operation.get("parameters", []):
                        name = parameter.get("$ref", "").rpartition("/")[2]
                        if name in values:
                            more = {"points": "&from=2025-01-01&market=BTC-USD&strategy=dynamic",
                                    "interval": "&market=BTC-USD&strategy=dynamic"}.get(name, "")
                            more = more if "equity" in path else more.replace("&strategy=dynamic", "")
                            queries.append(f"?{name}={values[name]}{more}")
                    for query in queries:
                        answer = self.get(target + query, with_token, method.upper())
                        described = operation["responses"].get(str(answer.status))
                        self.assertIsNotNone(described, f"{query}: {answer.status} {answer.body[:200]}")
                        kind = answer.headers["content-type"].split(";")[0]
                        schema = described["content"][kind]["schema"]
                        value = answer.json() if kind == "application/json" else answer.body.decode()
                        self.assertEqual(violations(value, schema, document), [], query)
                        self.assertLess(answer.status, 400 if method == "get" else 502, query)
                    refused = self.get(target + "?nonsense=1", with_token, method.upper())
                    self.assertIn(refused.status, (400, 503))
                    self.assertEqual(violations(refused.json(), {"$ref": "#/components/schemas/Error"}, document), [])

    def test_etag_and_gzip(self):
        _, daemon = self.serve()
        daemon.wait_for("candles", lambda: daemon.rows.count("candles") > 100)
        path = "/api/v1/candles?market=BTC-USD&limit=50&to=" + daemon.rows.one("SELECT max(open_time) FROM candles")
        plain = self.get(path)
        packed = self.get(path, {"Accept-Encoding": "br, gzip;q=0.5"})
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        self.assertLess(len(packed.body), len(plain.body) / 2)
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        again = self.get(path, {"If-None-Match": packed.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        page = self.get("/")
        self.assertEqual(page.status, 200)
        self.assertIn("frame-ancestors 'none'", page.headers["content-security-policy"])
        self.assertNotIn("unsafe", page.headers["content-security-policy"])
        self.assertEqual(page.headers["x-content-type-options"], "nosniff")
        self.assertNotIn("access-control-allow-origin", page.headers)

    def test_stream(self):
        _, daemon = self.serve()
        daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 2)
        stream = self.stream()
        self.assertEqual((stream.status, stream.headers["content-type"]), (200, "text/event-stream"))
        seen = stream.until(lambda event: event["event"] == "candle")
        self.assertEqual(seen[0]["event"], "status")
        seen += stream.until(lambda event: event["event"] == "equity")
        seen += stream.until(lambda event: event["event"] == "candle")
        stream.close()
        self.assertLessEqual({"status", "trade", "candle", "prediction", "equity"}, {event["event"] for event in seen})
        rows = [event for event in seen if "." in event["id"]]
        places = [tuple(map(int, event["id"].split("."))) for event in rows]
        self.assertEqual(places, sorted(set(places)))

        # Whoever comes back misses nothing and sees nothing twice.
        middle = rows[len(rows) // 2]
        daemon.wait_for("three more candles", lambda: daemon.rows.count("candles", f"open_time > '{rows[-1]['data']['open_time']}'") > 3)
        again = self.stream(middle["id"]).until(lambda event: event["event"] == "status")
        told = [event for event in again if "." in event["id"]]
        self.assertEqual([event["id"] for event in told[:len(rows) - len(rows) // 2 - 1]],
                         [event["id"] for event in rows[len(rows) // 2 + 1:]])
        candles = [event["data"]["open_time"] for event in rows + told if event["event"] == "candle"]
        first, last = min(candles), max(candles)
        stored = [row[0] for row in daemon.rows.all("SELECT open_time FROM candles WHERE open_time BETWEEN ? AND ? ORDER BY open_time", first, last)]
        self.assertEqual(sorted(set(candles)), stored)
        # A place that is too old, of another file, or nonsense: load again.
        for nonsense in ("999999999999", "x", "-1"):
            self.assertEqual(self.stream(nonsense).next()["event"], "reset")
        after = self.stream(path=f"/api/v1/stream?after={middle['id']}").next()
        self.assertEqual(after["id"], rows[len(rows) // 2 + 1]["id"])

    def test_a_candle_is_told_at_once(self):
        _, daemon = self.serve(speed=60)
        daemon.wait_for("candles", lambda: daemon.rows.count("candles") > 100)
        self.wait_stream(daemon)
        stored, stop = {}, threading.Event()

        def look():
            connection = sqlite3.connect(f"file:{daemon.rows.path}?mode=ro", uri=True)
            while not stop.is_set():
                newest = connection.execute("SELECT max(open_time) FROM candle").fetchone()[0]
                stored.setdefault(newest, time.monotonic())
                time.sleep(0.002)
            connection.close()

        watcher = threading.Thread(target=look)
        watcher.start()
        self.addCleanup(watcher.join)
        self.addCleanup(stop.set)
        stream = self.stream()
        stream.until(lambda event: event["event"] == "candle")
        late = []
        while len(late) < 9:
            event = stream.until(lambda one: one["event"] == "candle")[-1]
            told_at = time.monotonic()
            opened = datetime.strptime(event["data"]["open_time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
            seen_at = stored.get(int(opened.timestamp()) * 1_000_000_000)
            if seen_at:  # else committed together with the next one, which alone was seen
                late.append(told_at - seen_at)
        print(f"    told {sorted(late)[4] * 1000:.0f} ms behind the commit (median), {max(late) * 1000:.0f} ms at most")
        self.assertLess(sorted(late)[4], 0.25 * SLOWNESS)

    def test_token(self):
        _, daemon = self.serve(token=TOKEN)
        right, wrong = {"Authorization": f"Bearer {TOKEN}"}, {"Authorization": "Bearer wrong"}
        self.assertEqual(self.get("/api/v1/status").status, 401)
        self.assertEqual(self.get("/api/v1/status", wrong).status, 401)
        self.assertEqual(self.get("/api/v1/status", right).status, 200)
        self.assertEqual(self.stream().status, 401)
        self.assertEqual(self.stream(headers=right).next()["event"], "status")
        self.assertEqual(self.get("/api/v1/pause", wrong, "POST").status, 401)
        self.assertEqual(self.get("/").status, 200)
        shown = self.get("/api/v1/config", right)
        self.assertEqual(shown.json()["config"]["server"]["token"], "***")
        self.assertNotIn(TOKEN, shown.body.decode())
        self.assertEqual(shown.json()["config"]["market"][0]["symbol"], "BTC/USD")
        self.assertEqual(daemon.stop(), 0)

    def test_nothing_changes_without_a_token(self):
        self.serve()
        for path in ("/api/v1/pause", "/api/v1/resume", "/api/v1/rollback", "/api/v1/models/20250101_000000/promote"):
            answer = self.get(path, method="POST")
            self.assertEqual((answer.status, answer.json()["error"]["code"]), (403, "forbidden"))
            self.assertEqual(self.get(path).status, 405 if "promote" not in path else 404)

    def test_status_command(self):
        _, daemon = self.serve(token=TOKEN)
        daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 2)
        config = next(self.folder.glob("*.toml"))
        address = f"{self.address[0]}:{self.address[1]}"

        def status(*options):
            return subprocess.run([BINARY, "--config", config, "status", "--address", address, *options], capture_output=True,
                                  text=True, timeout=30 * SLOWNESS, check=False)

        shown = status()
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for word in ("SIMULATED", "health    ok", "kraken:BTC/USD", "ultra_aggressive", "live"):
            self.assertIn(word, shown.stdout)
        self.assertEqual(json.loads(status("--json").stdout)["markets"][0]["market"], "kraken:BTC/USD")
        self.assertEqual(daemon.stop(), 0)
        gone = status()
        self.assertEqual((gone.returncode, gone.stdout), (1, ""))
        self.assertIn("no daemon answers", gone.stderr)
