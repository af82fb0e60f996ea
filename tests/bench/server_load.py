#!/usr/bin/env python3
"""What 200 requests a second do to the decisions: the daemon on the simulated market, quiet, under load, and quiet again.

    tests/bench/server_load.py BUILD/candled [SECONDS]     per stretch, 60 when not given

Prints the decision latency of each stretch from /metrics (the histogram's buckets double, so a quantile is the middle of
its bucket at best; the mean is exact) and how long the requests took.
"""

import http.client
import os
import sys
import threading
import time
from pathlib import Path

os.environ["CANDLED_BINARY"] = str(Path(sys.argv[1]).resolve())
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))
from http_case import HttpCase  # noqa: E402

SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
RATE, CLIENTS = 200, 4
PATHS = ["/api/v1/status", "/predictions/BTC-USD", "/api/v1/candles?limit=100", "/metrics", "/api/v1/strategies", "/api/v1/trades?limit=50"]


class Load(HttpCase):
    def runTest(self):
        pass

    def histogram(self):
        """[(upper bound, count)], sum, count of the decision latency."""
        buckets, total, count = [], 0.0, 0
        for line in self.get("/metrics").body.decode().splitlines():
            name, _, value = line.rpartition(" ")
            if name.startswith("candled_decision_latency_seconds_bucket"):
                buckets.append((float(name.split('"')[1].replace("+Inf", "inf")), int(float(value))))
            elif name == "candled_decision_latency_seconds_sum":
                total = float(value)
            elif name == "candled_decision_latency_seconds_count":
                count = int(float(value))
        return buckets, total, count

    def stretch(self, name, work):
        buckets_before, sum_before, count_before = self.histogram()
        work()
        buckets, total, count = self.histogram()
        decisions = count - count_before
        if decisions == 0:
            raise SystemExit("no decision in the stretch: the machine is too busy")
        counts = [(bound, after - before) for (bound, after), (_, before) in zip(buckets, buckets_before)]
        quantile = {q: next(bound for bound, n in counts if n >= q * decisions) for q in (0.5, 0.99)}
        mean_us = (total - sum_before) / decisions * 1e6
        print(f"{name:<22} {decisions:5} decisions, mean {mean_us:7.0f} us, p50 <= {quantile[0.5] * 1e6:.0f} us, "
              f"p99 <= {quantile[0.99] * 1e6:.0f} us", flush=True)

    def ask(self):
        times, end = [], time.monotonic() + SECONDS

        def client(number):
            connection = http.client.HTTPConnection(*self.address, timeout=30)
            due = time.monotonic() + number / RATE
            while due < end:
                time.sleep(max(0.0, due - time.monotonic()))
                before = time.monotonic()
                connection.request("GET", PATHS[len(times) % len(PATHS)], headers={"Host": "localhost", "Accept-Encoding": "gzip"})
                connection.getresponse().read()
                times.append(time.monotonic() - before)
                due += CLIENTS / RATE

        threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        times.sort()
        print(f"    {len(times) / SECONDS:.0f} requests/s, p50 {times[len(times) // 2] * 1e3:.1f} ms, "
              f"p99 {times[len(times) * 99 // 100] * 1e3:.1f} ms", flush=True)

    def measure(self):
        self.setUp()
        try:
            _, daemon = self.serve(speed=300, history="3h")
            daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 20)
            self.wait_stream(daemon)
            self.stretch("quiet", lambda: time.sleep(SECONDS))
            self.stretch("under load", self.ask)
            self.stretch("quiet again", lambda: time.sleep(SECONDS))
        finally:
            self.doCleanups()


Load().measure()
