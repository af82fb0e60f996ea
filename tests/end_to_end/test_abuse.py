"""Hostile clients change nothing for the conveyor: every trade is stored, every candle is right, decisions come in time."""

import random
import resource
import socket
import threading
import time

from http_case import HttpCase
from processes import SLOWNESS


class AbuseTest(HttpCase):
    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.open = []
        self.addCleanup(lambda: [one.close() for one in self.open])

    def connect(self, data=b"", receive_bytes=None):
        client = socket.socket()
        if receive_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        client.settimeout(5)
        client.connect(self.address)
        try:
            client.sendall(data)
        except OSError:
            pass  # refused already
        self.open.append(client)
        return client

    def answered(self, path="/health", patience_s=20):
        """Whether a well-behaved client gets its answer in the end."""
        end = time.monotonic() + patience_s * SLOWNESS
        while time.monotonic() < end:
            try:
                if self.get(path).status in (200, 503):
                    return True
            except OSError:
                time.sleep(0.1)
        return False

    def pipelined(self, request, count, patience_s=20):
        """Whether so many requests at once get their answers, as soon as those that wait have made room."""
        end = time.monotonic() + patience_s * SLOWNESS
        while time.monotonic() < end:
            answers = b""
            try:
                client = self.connect(request * count)
                while part := client.recv(65536):
                    answers += part
                    if answers.count(b"HTTP/1.1 200") == count:
                        return True
            except OSError:
                pass
            time.sleep(0.1)
        return False

    def serve_and_watch(self, **server):
        """A running daemon, and a promise that its record is whole in the end."""
        exchange, daemon = self.serve(speed=60, history="1h", **server)
        daemon.wait_for("candles", lambda: daemon.rows.count("candles") > 40)
        self.wait_stream(daemon)
        return exchange, daemon

    def assert_conveyor_untouched(self, exchange, daemon, before):
        """Trades and candles kept coming, and nothing is lost."""
        self.assertGreater(daemon.rows.count("trades", "source = 'stream'"), before)
        self.assert_nothing_lost(exchange, daemon)
        self.assertEqual([line for line in daemon.problems() if "http" not in line.get("event", "")], [])

    def test_a_thousand_idle_connections(self):
        exchange, daemon = self.serve_and_watch()
        before = daemon.rows.count("trades", "source = 'stream'")
        for _ in range(1000):
            self.connect()
        self.wait_stream(daemon, more=100)
        self.assertTrue(self.answered(), "a well-behaved client is shut out")
        self.assert_conveyor_untouched(exchange, daemon, before)

    def test_slow_readers_writers_and_half_requests(self):
        exchange, daemon = self.serve_and_watch()
        before = daemon.rows.count("trades", "source = 'stream'")
        for _ in range(40):
            self.connect(b"GET /api/v1/trades?limit=5000 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20, receive_bytes=2048)  # never reads
            self.connect(b"GET /health HTTP/1.1\r\nHost: loc")
            self.connect(b"POST /api/v1/pause HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nhalf")
            self.connect(b"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 1\r\n\r\n", receive_bytes=2048)
        trickler = self.connect()
        for byte in b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX: ":
            trickler.sendall(bytes([byte]))
            time.sleep(0.02)
        self.wait_stream(daemon, more=100)
        self.assertTrue(self.answered(), "a well-behaved client is shut out")
        self.assertLess(self.metric("process_resident_memory_bytes"), 600e6)
        self.assert_conveyor_untouched(exchange, daemon, before)

    def test_random_bytes_and_pipelines(self):
        exchange, daemon = self.serve_and_watch()
        before = daemon.rows.count("trades", "source = 'stream'")
        noise = random.Random(7)
        good = b"GET /api/v1/candles?limit=3 HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
        for round_number in range(400):
            data = bytearray(good if round_number % 2 else noise.randbytes(noise.randrange(1, 3000)))
            for _ in range(noise.randrange(0, 6)):
                data[noise.randrange(len(data))] = noise.randrange(256)
            client = self.connect(bytes(data))
            if round_number % 4 == 0:
                client.close()
        self.assertTrue(self.pipelined(good, 100), "a well-behaved client is shut out")
        self.wait_stream(daemon, more=100)
        self.assert_conveyor_untouched(exchange, daemon, before)

    def test_too_many_requests(self):
        exchange, daemon = self.serve_and_watch(requests_per_second=20)
        before = daemon.rows.count("trades", "source = 'stream'")
        statuses = [self.get("/api/v1/markets").status for _ in range(120)]
        self.assertIn(200, statuses)
        self.assertIn(429, statuses)
        stop = threading.Event()

        def hammer():
            while not stop.is_set():
                try:
                    self.get("/api/v1/trades?limit=5000")
                except OSError:
                    pass

        threads = [threading.Thread(target=hammer) for _ in range(4)]
        for thread in threads:
            thread.start()
        self.wait_stream(daemon, more=100)
        stop.set()
        for thread in threads:
            thread.join()
        time.sleep(1.5)
        self.assertEqual(self.get("/api/v1/markets").status, 200)
        self.assert_conveyor_untouched(exchange, daemon, before)
