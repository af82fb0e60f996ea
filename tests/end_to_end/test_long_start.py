"""A start that has to replay a long record: it tells how far it is, keeps systemd patient, and can be stopped."""

import os
import signal
import socket
import sqlite3
import time

from harness import SLOWNESS, Case

TRADES = 1_500_000
START = 1_735_689_600  # 2025-01-01


class NotifySocket:
    """What a service tells systemd."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(60)
        self.seen = []

    def wait_for(self, word):
        while not any(word in message for message in self.seen):
            self.seen.append(self.socket.recv(4096).decode())


class LongStartTest(Case):
    def setUp(self):
        super().setUp()
        self.notify = NotifySocket(self.folder)
        self.addCleanup(self.notify.socket.close)
        os.environ["NOTIFY_SOCKET"] = self.notify.path
        self.addCleanup(os.environ.pop, "NOTIFY_SOCKET", None)

    def record_without_checkpoint(self):
        config = self.config(kraken={"websocket_url": "ws://127.0.0.1:1/v2", "rest_url": "http://127.0.0.1:1/0/public"})
        file = self.folder / "trades.csv"
        with open(file, "w") as out:
            out.writelines(f"{START + i / 10:.4f},{20_000 + i % 97}.5,0.0{1 + i % 7},{'bs'[i % 2]},m,,{1000 + i}\n" for i in range(TRADES))
        command = self.daemon(config, ["import", file, "--market", "kraken:BTC/USD"], name="import")
        self.assertEqual(command.wait(120), 0, command.err())
        connection = sqlite3.connect(config["storage"]["path"])
        connection.executescript("DELETE FROM checkpoint; UPDATE stream SET checkpoint_sequence = 0")
        connection.close()
        return config

    def test_stopped_in_the_middle_and_begun_again(self):
        config = self.record_without_checkpoint()
        daemon = self.daemon(config)
        self.notify.wait_for("EXTEND_TIMEOUT_USEC=")
        asked = time.monotonic()
        self.assertEqual(daemon.stop(), 0)
        self.assertLess(time.monotonic() - asked, 5 * SLOWNESS)
        self.assertTrue(daemon.log("stopped before the record was replayed"), daemon.err())
        self.assertFalse(daemon.log("ready to go on"))
        self.assertFalse([message for message in self.notify.seen if "READY=1" in message])
        self.assertEqual(daemon.rows.one("SELECT checkpoint_sequence FROM stream"), 0)

        daemon = self.daemon(config)
        self.notify.wait_for("READY=1")
        self.assertGreaterEqual(int(daemon.wait_log("ready to go on")[0]["replayed_events"]), TRADES)
        self.assertEqual(daemon.stop(signal.SIGINT), 0)
        self.assertGreater(daemon.rows.one("SELECT checkpoint_sequence FROM stream"), TRADES)
