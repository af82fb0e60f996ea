"""What happens around a daemon that lives long: clients that take every descriptor, files of its own that something else cuts, removes or damages."""

import os
import random
import socket
import sqlite3
import time
import urllib.parse

from http_case import HttpCase

IDLE_CLIENTS = 120


class SurroundingsTest(HttpCase):
    def serving(self, config, **options):
        daemon = self.daemon({**config, "server": {"enabled": True, "listen": "127.0.0.1:0"}}, **options)
        url = urllib.parse.urlsplit(daemon.wait_log("http server listens")[0]["url"])
        self.address = (url.hostname, url.port)
        return daemon

    def test_idle_clients_leave_the_feed_and_the_database_their_descriptors(self):
        exchange = self.exchange(speed=60, history="20m")
        daemon = self.serving(self.config(exchange), under=["prlimit", "--nofile=64:64"])
        self.wait_stream(daemon)
        clients = []
        self.addCleanup(lambda: [client.close() for client in clients])
        for _ in range(IDLE_CLIENTS):
            clients.append(socket.create_connection(self.address, timeout=10))
        exchange.fault("cut?trades=5")
        self.wait_stream(daemon, 100)  # over a connection that was made since
        time.sleep(2.1)  # the idle ones have waited long enough to be closed for one that asks
        self.assertIn(self.get("/health").status, (200, 503))
        self.assertGreater(self.metric("candled_candles_total"), 0)
        told = [line for line in daemon.problems() if "http connections" in line.get("event", "")]
        self.assertEqual(len(told), 1, daemon.tail())
        self.assertEqual(daemon.stop(), 0)
        self.assert_each_id_once(daemon.rows.ids(), daemon.rows.ids()[0], daemon.rows.last_id())

    def ends_with_one_line(self, daemon, words):
        self.assertEqual(daemon.wait(20), 1, daemon.tail())
        self.assertNotIn("terminate called", daemon.err())
        self.assertNotIn("broken invariant", daemon.err())
        self.assertNotIn(".recover", daemon.err())
        self.assertEqual(sum(words in line for line in daemon.err().splitlines()), 1, daemon.tail())

    def test_log_of_the_database_cut_or_removed_under_the_daemon(self):
        exchange = self.exchange(speed=60, history="20m")
        config = self.config(exchange)
        path = config["storage"]["path"]
        for hurt, words in ((lambda: os.truncate(path + "-wal", 0), "was cut short by something else while it was in use"),
                            (lambda: os.truncate(path + "-wal", os.path.getsize(path + "-wal") // 2), "was cut short by something else"),
                            (lambda: os.remove(path + "-wal"), "was removed or replaced while it was in use"),
                            (lambda: os.truncate(path + "-shm", 0), "a file in use was cut short by something else")):
            with self.subTest(words=words):
                daemon = self.daemon(config)
                self.wait_stream(daemon)
                hurt()
                self.ends_with_one_line(daemon, words)
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assert_each_id_once(daemon.rows.ids(), exchange.market()["first_id"], daemon.rows.last_id())
        self.assert_candles_right(daemon.rows)
        checked = self.run_command(config, ["check", "--json"])
        self.assertEqual(checked.exit_code(), 0, checked.out())

    def test_damage_is_found_behind_an_unclean_end_and_by_check(self):
        exchange = self.exchange(speed=60, history="20m")
        config = self.config(exchange)
        daemon = self.daemon(config)
        self.wait_stream(daemon)
        self.assertEqual(daemon.stop(), 0)
        self.assertFalse(daemon.log("the last run ended without a stop"))
        path = config["storage"]["path"]
        with sqlite3.connect(path) as file:
            page, = file.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'backtest_fill'").fetchone()
        file.close()
        with open(path, "r+b") as file:  # a table that nobody reads
            file.seek((page - 1) * 4096)
            file.write(random.Random(1).randbytes(4096))
        quick = self.run_command(config, ["check", "--quick"])
        self.assertEqual(quick.exit_code(), 0, quick.out())
        checked = self.run_command(config, ["check"])
        self.assertEqual(checked.exit_code(), 1, checked.out())
        self.assertIn("is damaged: ", checked.out())
        daemon = self.serving(config)
        self.wait_stream(daemon)
        self.assertEqual(self.get("/health").json()["reasons"], [])
        daemon.kill()
        daemon = self.serving(config)
        daemon.wait_log("the last run ended without a stop")
        daemon.wait_log("the database is damaged")
        self.wait_stream(daemon)  # it goes on
        health = self.get("/health")
        self.assertEqual(health.status, 503)
        self.assertIn("is damaged", str(health.json()["reasons"]))
        self.assertEqual(daemon.stop(), 0)
