"""Starts that cannot succeed: one clear line that names the thing, the right exit code, and nothing touched."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import unittest

from harness import BINARY, SLOWNESS, Case
from processes import Process

# What a config says, on which of its lines the mistake stands, and what the one line about it must name.
CONFIG_MISTAKES = [
    ('[candles]\ngrce = "1s"\n', 2, ["candles.grce", "grace"]),
    ('[candles]\ninterval = 60\n', 2, ["candles.interval"]),
    ('[candles]\ninterval = "7m"\ngrace = "1s"\n', 2, ["candles.interval"]),
    ('[candels]\ninterval = "1m"\n', 1, ["candels", "candles"]),
    ('[paper]\nfee_bps = -1\n', 2, ["paper.fee_bps"]),
    ('[training]\nhorizon = "90s"\n', 2, ["training.horizon"]),
    ('[[market]]\nsymbol = "BTCUSD"\n', 2, ["symbol", "BTCUSD"]),
    ('[[market]]\nexchange = "krakn"\nsymbol = "BTC/USD"\n', 2, ["exchange", "kraken"]),
    ('[[strategy]]\nname = "a"\nkind = "reckless"\n', 3, ["kind", "reckless"]),
    ('[server]\nlisten = "0.0.0.0:8501"\n', 2, ["server.listen", "token"]),
    ('[exchange.kraken]\nca_file = "nowhere.pem"\n', 2, ["ca_file", "nowhere.pem"]),
    ('[storage]\npath = ""\n', 2, ["storage.path"]),
    ('[threads\nlayout = "market"\n', 1, []),
]
COMMENT_LINES = 3  # in front of it, so that line 1 is never right by chance


class StartCase(Case):
    def assert_refused(self, daemon, code, words):
        """One line, with these words, and this exit code."""
        self.assertEqual(daemon.wait(), code, daemon.err())
        lines = daemon.err().splitlines()
        self.assertEqual(len(lines), 1, daemon.err())
        for word in words:
            self.assertIn(word, lines[0])
        self.assertTrue(lines[0].startswith("candled: "), lines[0])

    def process(self, arguments):
        return self.own(Process(self._name("command"), [BINARY, *arguments], self.folder))


class BadConfigTest(StartCase):
    def test_each_mistake_names_file_line_and_key(self):
        for text, line, words in CONFIG_MISTAKES:
            with self.subTest(config=text):
                file = self.folder / "mistake.toml"
                file.write_text("# a comment\n" * COMMENT_LINES + text)
                for arguments in ([], ["check"]):
                    command = self.process([*arguments, "--config", file])
                    self.assert_refused(command, 2, [*words, f"{file}:{line + COMMENT_LINES}:"])

    def test_fix_leaves_alone_what_has_no_former_name(self):
        file = self.folder / "right.toml"
        text = "# kept\n[paper]\nfee_bps = 12.5   # kept too\n"
        file.write_text(text)
        fix = self.process(["check", "--fix", "--config", file])
        self.assertEqual(fix.wait(), 0, fix.err())
        self.assertIn("nothing to change", fix.out())
        self.assertEqual(file.read_text(), text)
        file.write_text("[paper]\nfee = 12.5\n")
        self.assert_refused(self.process(["check", "--fix", "--config", file]), 2, [f"{file}:2:", "paper.fee", "fee_bps"])
        self.assertEqual(file.read_text(), "[paper]\nfee = 12.5\n")
        self.assert_refused(self.process(["check", "--fix"]), 2, ["--config"])
        self.assert_refused(self.process(["check", "--fix", "--json", "--config", file]), 2, ["--fix"])

    def test_usage(self):
        for arguments, word in ((["--no-such-flag"], "--no-such-flag"), (["--config", "absent.toml"], "absent.toml"),
                                (["--backfill", "5 parsecs"], "--backfill"), (["--backfill", "1d", "--gap-fill"], "--"),
                                (["--market", "kraken:BTC"], "kraken:BTC"), (["simulate", "--fault", "sulk"], "sulk"),
                                (["simulate", "--exchange", "mtgox"], "kraken"),
                                (["simulate", "--listen", "nowhere"], "nowhere"), (["--from", ""], "--from"),
                                (["export", "candles", "--from", ""], "--from"),
                                (["--db", "a.sqlite", "export", "trades", "--to="], "--to"), (["--db", ""], "--db"),
                                (["--config", "", "check"], "--config"), (["train", "--window", ""], "--window"),
                                (["backtest", "list", "--market", ""], "--market")):
            with self.subTest(arguments=arguments):
                self.assert_refused(self.process(arguments), 2, [word])


class NameTest(StartCase):
    def answer(self, *arguments):
        command = [os.fsencode(BINARY), b"--db", b"\xff\xc5\x82\xe2\x82.sqlite", *arguments, b"--json"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False, timeout=60 * SLOWNESS)
        return json.loads(done.stdout.decode("utf-8"))  # strict: bytes that are no text would be refused here

    def test_a_name_that_is_no_text_makes_valid_json(self):
        """File names are bytes; what of them is no UTF-8 is shown as U+FFFD."""
        shown = "\ufffd\u0142\ufffd\ufffd.sqlite"
        (self.folder / "rows.csv").write_text("id,price,qty,time,is_buyer_maker\n1,100.5,0.2,1735689600000,true\n"
                                              "x,101,0.1,1735689660000,false\n2,101,0.1,1735689660000,false\n")
        details = [finding["detail"] for finding in self.answer(b"check")["findings"]]
        self.assertTrue(any(shown in detail for detail in details), details)
        imported = self.answer(b"import", b"rows.csv", b"--market", b"binance:BTC/USDT", b"--reject-max", b"50")
        self.assertEqual((imported["rejected"], imported["rejects"]), (1, shown + ".rejects.csv"))
        self.assertEqual(self.answer(b"verify")["database"], shown)


class BadDatabaseTest(StartCase):
    def refused(self, config, words, code=1):
        daemon = self.daemon(config)
        self.assert_refused(daemon, code, words)

    def test_foreign_files_are_refused_and_untouched(self):
        text = self.folder / "notes.txt"
        text.write_text("Dear diary, " * 400)
        foreign = self.folder / "foreign.sqlite"
        connection = sqlite3.connect(foreign)
        connection.executescript("CREATE TABLE recipe (name TEXT); INSERT INTO recipe VALUES ('pancakes');"
                                 "PRAGMA user_version = 1;")
        connection.close()
        exchange = self.exchange(history="1h")
        for path in (text, foreign):
            with self.subTest(file=path.name):
                before = path.read_bytes()
                self.refused(self.config(exchange, database=path.name), [str(path)])
                self.assertEqual(path.read_bytes(), before)
                beside = [other.name for other in self.folder.glob(path.name + "*")]
                self.assertEqual(beside, [path.name], "nothing stands beside it")

    def test_newer_schema_is_refused(self):
        exchange = self.exchange(history="10m")
        config = self.config(exchange)
        daemon = self.daemon(config)
        daemon.wait_for("trades", lambda: daemon.rows.count("trades"))
        daemon.stop()
        connection = sqlite3.connect(config["storage"]["path"])
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        self.refused(config, ["candled.sqlite", "newer"])

    def test_folder_that_is_not_there(self):
        self.refused(self.config(database="no/such/folder/candled.sqlite"), ["no/such/folder/candled.sqlite"])

    def test_path_that_is_a_folder(self):
        (self.folder / "a-folder").mkdir()
        self.refused(self.config(database="a-folder"), ["a-folder"])

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_path_without_permission(self):
        locked = self.folder / "locked"
        locked.mkdir(mode=0o555)
        self.refused(self.config(database="locked/candled.sqlite"), ["locked/candled.sqlite"])

    def test_file_system_that_takes_no_files(self):
        self.refused(self.config(database="/proc/candled.sqlite"), ["/proc/candled.sqlite"])

    def test_second_daemon_on_the_same_file(self):
        exchange = self.exchange(history="1h")
        config = self.config(exchange)
        first = self.daemon(config)
        first.wait_for("trades", lambda: first.rows.count("trades"))
        self.refused(config, ["candled.sqlite"])
        command = self.run_command(config, ["--gap-fill"])
        self.assert_refused(command, 1, ["candled.sqlite"])
        os.symlink("candled.sqlite", self.folder / "symbolic.sqlite")
        os.link(config["storage"]["path"], self.folder / "hard.sqlite")
        for name, words in (("symbolic.sqlite", f"in use by another candled (pid {first.child.pid})"),
                            ("hard.sqlite", "has 2 names")):
            with self.subTest(name=name):
                self.refused(self.config(exchange, database=name), [name, words])
                self.assertFalse((self.folder / (name + "-wal")).exists())
        os.unlink(self.folder / "hard.sqlite")
        trades = first.rows.count("trades")
        first.wait_for("the first goes on", lambda: first.rows.count("trades") > trades)
        self.assertEqual(first.stop(), 0)
        third = self.daemon(config)
        third.wait_log("watching")  # the lock went with its owner
        self.assertEqual(third.stop(), 0)

    def test_stop_while_another_program_holds_the_write_lock(self):
        exchange = self.exchange(history="1h")
        config = self.config(exchange)
        daemon = self.daemon(config)
        daemon.wait_for("trades", lambda: daemon.rows.count("trades"))
        browser = sqlite3.connect(config["storage"]["path"], isolation_level=None)
        browser.execute("BEGIN IMMEDIATE")
        self.assertIn("holds its lock", daemon.wait_log("cannot write")[0]["why"])
        self.assertEqual(daemon.stop(), 1)
        last = daemon.log("stopped without the last events")
        self.assertEqual(len(last), 1, daemon.tail())
        self.assertIn("candled.sqlite: another program holds its lock", last[0]["why"])
        browser.close()
        again = self.daemon(config)
        again.wait_log("watching")
        stored = again.rows.count("trades")
        again.wait_for("trades again", lambda: again.rows.count("trades") > stored)
        self.assertEqual(again.stop(), 0)
        ids = again.rows.ids()
        self.assertEqual(ids, list(range(ids[0], ids[-1] + 1)))

    def test_busy_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            listen = f"127.0.0.1:{taken.getsockname()[1]}"
            self.refused(self.config(server={"enabled": True, "listen": listen}), [listen])
            self.assert_refused(self.process(["simulate", "--listen", listen]), 1, [listen])


class BadModelTest(Case):
    def test_truncated_model_is_refused_and_the_running_one_stays(self):
        exchange = self.exchange(speed=120, history="3h")
        config = self.config(exchange, training={"enabled": True, "minimum_candles": 100})
        daemon = self.daemon(config)
        daemon.wait_for("predictions", lambda: daemon.rows.count("predictions") > 1)
        model = daemon.rows.one("SELECT model FROM models WHERE alias = 'champion'")
        folder = self.folder / "models" / model
        kept = self.folder / "kept"
        shutil.copytree(folder, kept)
        file = max(folder.iterdir(), key=lambda path: path.stat().st_size)
        whole = file.read_bytes()
        foreign = b"PK\x03\x04" + bytes(2000)
        for name, data in (("truncated", whole[:len(whole) // 2]), ("foreign", foreign), ("empty", b"")):
            with self.subTest(model=name):
                file.write_bytes(data)
                refusals = len(daemon.log("champion refused"))
                daemon.send(signal.SIGHUP)
                lines = daemon.wait_log("champion refused", count=refusals + 1)
                self.assertIn(model, lines[-1]["why"])
                self.assertEqual(len(lines), refusals + 1, "one line")
                predictions = daemon.rows.count("predictions")
                daemon.wait_for("the running model goes on", lambda: daemon.rows.count("predictions") > predictions)
        self.assertEqual(daemon.stop(), 0)

        restarted = self.daemon(config | {"training": {"enabled": False}})  # with the empty file still there
        stored = restarted.rows.count("trades")
        restarted.wait_for("trades without a model", lambda: restarted.rows.count("trades") > stored)
        self.assertTrue([line for line in restarted.problems() if model in line.get("why", "")], restarted.err())
        file.write_bytes(whole)
        predictions = restarted.rows.count("predictions")
        restarted.send(signal.SIGHUP)
        restarted.wait_log("champion reloaded")
        restarted.wait_for("predictions again", lambda: restarted.rows.count("predictions") > predictions)
        self.assertEqual(restarted.stop(), 0)
