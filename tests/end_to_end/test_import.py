"""import and export: what goes in comes out, the same twice changes nothing, and a kill in the middle loses nothing."""

import gzip
import json
import os
import random
import signal
import sqlite3
import subprocess
import unittest
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from feed_case import FeedCase
from harness import BINARY, SLOWNESS, Case
from rows import Rows, expected_candles

MARKET = "kraken:BTC/USD"
START = datetime(2025, 1, 1, tzinfo=timezone.utc)
DATA = Path(os.environ.get("CANDLED_DATA") or Path(__file__).resolve().parents[2] / "../shared/data")


def kraken_rows(count, first_id=1000, seed=1, seconds=1.7):
    """(id, row) of Kraken's seven columns."""
    dice, time, price, rows = random.Random(seed), START.timestamp() + 5, 90_000.0, []
    for trade_id in range(first_id, first_id + count):
        time += dice.expovariate(1 / seconds)
        price += dice.choice((-0.1, 0, 0.1))
        rows.append((trade_id, f"{time:.4f},{price:.1f},{dice.randint(1, 10**6) / 1e8:.8f},{dice.choice('bs')},l,,{trade_id}\n"))
    return rows


def kline(minute, price=100):
    opens = int((START + timedelta(minutes=minute)).timestamp()) * 1000
    return f"{opens},{price},{price + 2},{price - 1},{price + 1},5.5,{opens + 59999},550,12,2.5,250,0\n"


class ImportCase(Case):
    def run_candled(self, *arguments, database="import.sqlite", market=MARKET, code=0, stdin=None):
        command = [BINARY, *map(str, arguments), "--market", market, "--db", str(self.folder / database)]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, input=stdin, check=False, timeout=120 * SLOWNESS)
        self.assertEqual(done.returncode, code, done.stderr.decode()[-2000:])
        self.stderr = done.stderr.decode()
        return done.stdout

    def imported(self, *files, **options):
        """The report of an import."""
        return json.loads(self.run_candled("import", *files, "--json", **options))

    def rows(self, database="import.sqlite"):
        return Rows(self.folder / database)

    def dump(self, database="import.sqlite"):
        """Everything that an import may touch, but for the moment of receipt."""
        connection = sqlite3.connect(f"file:{self.folder / database}?mode=ro", uri=True)
        queries = ["SELECT market, trade_id, time, price, quantity, side, source, order_type, late FROM trade",
                   "SELECT market, open_time, open, high, low, close, volume, buy_volume, trades, state, buy_trades, turnover FROM candle",
                   "SELECT market, open_time, hash, row FROM feature", "SELECT market, first_missing_id, last_missing_id, filled FROM hole"]
        found = [connection.execute(query + " ORDER BY 1, 2").fetchall() for query in queries]
        connection.close()
        return found

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text if isinstance(text, str) else "".join(text))
        return path


class TradesTest(ImportCase):
    def test_trades_make_the_candles_that_the_daemon_would(self):
        rows = [row for _, row in kraken_rows(4000)]
        random.Random(2).shuffle(rows)
        files = [self.write("a.csv", rows[:1500]), self.write("b.csv", rows[1400:])]
        report = self.imported(*files)
        self.assertEqual(report["trades"]["new"], 4000)
        self.assertEqual(report["repeated"], 100)
        stored = self.rows().candles()
        expected = expected_candles(self.rows().trades(), stored[-1].open_time)
        self.assertEqual(stored[1:], expected[1:])
        self.assertEqual(stored[0].state, "gap", "nothing proves the first minute whole")
        before = self.dump()
        report = self.imported(*files)
        self.assertEqual((report["trades"]["new"], report["trades"]["stored_already"]), (0, 4000))
        self.assertEqual(self.dump(), before)

    def test_holes_in_ids_are_gaps_until_they_are_filled(self):
        rows = [row for _, row in kraken_rows(3000)]
        report = self.imported(self.write("ends.csv", rows[:1000] + rows[2000:]))
        self.assertEqual(report["trades"]["holes"], 1)
        gaps = "SELECT first_missing_id, last_missing_id, filled IS NULL FROM gaps"
        self.assertEqual(self.rows().all(gaps), [(2000, 2999, 1)])
        self.assertGreater(self.rows().count("candles", "state = 'gap'"), 10)
        # Half of it: the hole shrinks. All of it: it is filled, and the candles are what one import gives.
        self.imported(self.write("half.csv", rows[1000:1500]))
        self.assertEqual(sorted(self.rows().all(gaps)), [(2000, 2999, 0), (2500, 2999, 1)])
        self.imported(self.write("rest.csv", rows[1500:2000]))
        self.assertEqual(self.rows().count("gaps", "filled IS NULL"), 0)
        self.imported(self.write("all.csv", rows), database="whole.sqlite")
        self.assertEqual(self.rows().candles(), self.rows("whole.sqlite").candles())
        self.assertEqual(self.dump()[2], self.dump("whole.sqlite")[2], "features, too, are as from one import")

    def test_older_files_after_newer_ones(self):
        rows = [row for _, row in kraken_rows(3000)]
        self.imported(self.write("new.csv", rows[1500:]))
        self.imported(self.write("old.csv", rows[:1500]))
        self.imported(self.write("all.csv", rows), database="whole.sqlite")
        # The minute that the first import began in was a gap there.
        self.assertEqual(self.rows().candles(), self.rows("whole.sqlite").candles())
        self.assertEqual(self.rows().count("gaps"), 0)

    def test_kill_in_the_middle_and_again(self):
        files = [self.write("all.csv", [row for _, row in kraken_rows(60_000)])]
        self.imported(*files, database="whole.sqlite")
        config = self.config(database="import.sqlite", market=[{"exchange": "kraken", "symbol": "BTC/USD"}])
        for least in (1, 15_000, 35_000):
            command = self.daemon(config, ["import", files[0]], name="import")
            command.wait_for("some trades", lambda: self.rows().count("trades") >= least, pause_s=0.001)
            command.send(signal.SIGKILL)
            command.wait(10)
        report = self.imported(*files)
        self.assertEqual(report["trades"]["new"] + report["trades"]["stored_already"], 60_000)
        got, wanted = self.dump(), self.dump("whole.sqlite")
        self.assertEqual(got[0], wanted[0])
        self.assertEqual(self.rows().candles(), self.rows("whole.sqlite").candles())
        self.assertEqual(got[2], wanted[2])

    def test_trades_without_ids(self):
        text = "".join(f"{int(START.timestamp()) + second},{90_000 + second % 7},0.5\n" for second in (5, 5, 70, 400, 3000, 9000, 9100))
        report = self.imported(self.write("XBTUSD.csv", text))
        self.assertEqual(report["trades"]["new"], 7)
        self.assertEqual(self.rows().all("SELECT count(*), count(DISTINCT trade_id), max(trade_id) < 0, count(side) FROM trades"), [(7, 7, 1, 0)])
        states = dict(self.rows().all("SELECT substr(open_time, 12, 5), state FROM candles"))
        self.assertEqual((states["00:01"], states["00:02"], states["00:49"]), ("traded", "quiet", "quiet"))
        self.assertEqual(states["01:30"], "gap", "a pause of more than an hour is no quiet market")
        self.assertEqual(self.rows().one("SELECT buy_volume FROM candles WHERE trades > 0 AND state = 'traded'"), None)
        self.assertEqual(self.imported(self.folder / "XBTUSD.csv")["trades"]["new"], 0)
        # The same time with ids: those take the place of the ones without.
        report = self.imported(self.write("ids.csv", [row for _, row in kraken_rows(60)]))
        self.assertEqual(report["trades"]["replaced"], 1)
        self.assertEqual(self.imported(self.folder / "XBTUSD.csv")["trades"]["covered"], 1)

    def test_a_second_cut_in_two(self):
        """Files of whole seconds, cut inside one, imported one after the other: each trade once, and a file again changes nothing."""
        base = int(START.timestamp())
        lines = [f"{base + row // 7},{90_000 + row % 11},0.{row % 9 + 1}\n" for row in range(1400)]
        self.imported(self.write("whole.csv", lines), database="whole.sqlite")
        one, two = self.write("1.csv", lines[:703]), self.write("2.csv", lines[703:])
        self.assertEqual(self.imported(one)["trades"]["new"], 703)
        self.assertEqual(self.imported(two)["trades"]["new"], 697)
        self.assertEqual(self.dump()[0], self.dump("whole.sqlite")[0])
        self.assertEqual(self.rows().candles(), self.rows("whole.sqlite").candles())
        before = self.dump()
        for again in (one, two, self.folder / "whole.csv"):
            report = self.imported(again)["trades"]
            self.assertEqual((report["new"], report["stored_already"]), (0, again.read_text().count("\n")))
        self.assertEqual(self.dump(), before)

    def test_thousands_in_one_microsecond(self):
        base = int(START.timestamp())
        crowd = [f"{base + 7},{90_000 + row % 50},{row % 7 + 1}\n" for row in range(5000)]
        behind = [f"{base + 7}.00000{digit},91000,1\n" for digit in range(1, 9)] + [f"{base + 90},90000,1\n"]
        self.imported(self.write("few.csv", crowd[:30] + behind))
        report = self.imported(self.write("all.csv", crowd + behind))
        self.assertEqual((report["trades"]["new"], report["trades"]["stored_already"]), (4970, 39))
        before = self.dump()
        self.assertEqual(len(before[0]), 5009)
        for name in ("few.csv", "all.csv"):
            self.assertEqual(self.imported(self.folder / name)["trades"]["new"], 0)
        out = self.run_candled("export", "trades")
        (self.folder / "own.csv").write_bytes(out)
        self.assertEqual(self.imported(self.folder / "own.csv")["trades"]["new"], 0)
        self.assertEqual(self.dump(), before)

    def test_aggregates_are_not_mixed_with_trades(self):
        time = int(START.timestamp()) * 1000
        aggregates = self.write("agg.csv", "".join(f"{n},100,1,{n},{n},{time + n * 1000},True,True\n" for n in range(1, 9)))
        market = "binance:BTC/USD"
        self.imported(aggregates, market=market)
        single = self.write("t.csv", "".join(f"{n},100,1,100,{time + n * 1000},True,True\n" for n in range(1, 9)))
        self.run_candled("import", single, market=market, code=1)
        self.assertIn("numbered as aggregate trades", self.stderr)
        self.assertEqual(self.imported(aggregates, market=market)["trades"]["new"], 0)


class CandlesTest(ImportCase):
    def test_zipped_klines_with_a_hole(self):
        with zipfile.ZipFile(self.folder / "BTCUSDT-1m-2025-01.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("BTCUSDT-1m-2025-01.csv", "".join(kline(minute, 100 + minute % 5) for minute in range(500) if minute not in range(200, 280)))
        report = self.imported(self.folder / "BTCUSDT-1m-2025-01.zip")
        self.assertEqual((report["candles"]["new"], report["candles"]["gap"]), (500, 80))
        gap = self.rows().all("SELECT min(open_time), max(open_time), count(*) FROM candles WHERE state = 'gap'")
        self.assertEqual(gap, [("2025-01-01T03:20:00Z", "2025-01-01T04:39:00Z", 80)])
        self.assertEqual(self.rows().all("SELECT DISTINCT volume, buy_volume, trades FROM candles WHERE state = 'traded'"), [(5.5, 2.5, 12)])
        self.assertEqual(self.rows().one("SELECT count(*) FROM feature"), 420)
        before = self.dump()
        again = self.imported(self.folder / "BTCUSDT-1m-2025-01.zip")
        self.assertEqual((again["candles"]["new"], again["candles"]["stored_already"]), (0, 500))
        self.assertEqual(self.dump(), before)
        # A file that knows the hole fills it, and the features behind it change.
        report = self.imported(self.write("hole.csv", "".join(kline(minute, 100 + minute % 5) for minute in range(190, 290))))
        self.assertEqual((report["candles"]["new"], report["candles"]["gaps_filled"]), (0, 80))
        self.imported(self.write("whole.csv", "".join(kline(minute, 100 + minute % 5) for minute in range(500))), database="whole.sqlite")
        self.assertEqual(self.dump()[2], self.dump("whole.sqlite")[2])

    def test_candles_in_pieces_and_in_any_order(self):
        self.imported(self.write("whole.csv", [kline(minute, 100 + minute % 7) for minute in range(900)]), database="whole.sqlite")
        for name, minutes in (("c", range(600, 900)), ("a", range(0, 300)), ("b", range(300, 600))):
            self.imported(self.write(f"{name}.csv", [kline(minute, 100 + minute % 7) for minute in reversed(minutes)]))
        self.assertEqual(self.dump()[1:3], self.dump("whole.sqlite")[1:3])

    def test_trades_take_the_place_of_candles(self):
        self.imported(self.write("klines.csv", [kline(minute) for minute in range(60)]))
        rows = [row for _, row in kraken_rows(500)]
        self.imported(self.write("trades.csv", rows))
        made = self.rows().all("SELECT count(*) FROM candles WHERE buy_trades IS NOT NULL AND revision = 1")
        self.assertGreater(made[0][0], 8)
        self.assertEqual(self.rows().count("candles"), 60)
        self.assertEqual(self.rows().count("candles", "state = 'gap'"), 0, "what a kline told of the first, partial minute stays")
        report = self.imported(self.folder / "klines.csv")
        self.assertEqual(report["candles"]["new"], 0)

    def test_too_many_bad_rows_leave_no_trace(self):
        self.imported(self.write("good.csv", [kline(minute) for minute in range(100)]))
        before = self.dump()
        bad = [kline(minute) for minute in range(100, 300)] + ["1735700000000,1,2\n"] * 3
        self.run_candled("import", self.write("bad.csv", bad), self.write("t.csv", [row for _, row in kraken_rows(50)]), code=1)
        self.assertIn("3 of 253 rows can't be right", self.stderr)
        self.assertEqual(self.dump(), before)
        self.run_candled("import", self.folder / "bad.csv", database="new.sqlite", code=1)
        self.assertFalse((self.folder / "new.sqlite").exists())
        report = self.imported(self.folder / "bad.csv", "--reject-max", "5", "--rejects", self.folder / "rejects.csv")
        self.assertEqual((report["candles"]["new"], report["rejected"]), (200, 3))
        lines = (self.folder / "rejects.csv").read_text().splitlines()
        self.assertEqual(lines[0], "file,line,why,text")
        self.assertEqual(lines[1], f'"{self.folder / "bad.csv"}",201,"wrong number of columns","1735700000000,1,2"')
        self.assertEqual(len(lines), 4)

    def test_coarser_candles_and_unknown_files_are_refused(self):
        self.write("XBTUSD_60.csv", "1735689600,1,2,1,2,5,6\n1735693200,1,2,1,2,5,6\n")
        self.write("words.csv", "some words\n")
        for name, says in (("XBTUSD_60.csv", "cannot be split"), ("words.csv", "words.csv: "), ("nothing.csv", "no such file")):
            self.run_candled("import", self.folder / name, code=1)
            self.assertIn(says, self.stderr)
            self.assertEqual(len(self.stderr.splitlines()), 1, self.stderr)

    def test_standard_input(self):
        report = json.loads(self.run_candled("import", "-", "--json", stdin=gzip.compress("".join(map(kline, range(10))).encode())))
        self.assertEqual(report["candles"]["new"], 10)


class IdentityTest(ImportCase):
    def test_ids_of_another_exchange_are_refused(self):
        binance = [f"{4_210_000_000 + n},95{n % 100:03}.5,0.03,2866.5,{int(START.timestamp()) * 1000 + n * 900},False,True\n" for n in range(500)]
        self.run_candled("import", self.write("BTCUSD-trades-2025-01-01.csv", binance), code=1)
        self.assertIn("say --market binance:BTC/USD", self.stderr)
        self.assertEqual(len(self.stderr.splitlines()), 1, self.stderr)
        self.assertFalse((self.folder / "import.sqlite").exists())
        # Without its kind told by the format, what is stored tells it.
        self.imported(self.write("own.csv", [row for _, row in kraken_rows(400)]))
        before = self.dump()
        alien = [row.rsplit(",", 1)[0] + f",{4_210_000_000 + n}\n" for n, (_, row) in enumerate(kraken_rows(400, seed=2))]
        self.run_candled("import", self.write("alien.csv", alien), code=1)
        self.assertIn("alien.csv:1: trade 4210000000 of 2025-01-01", self.stderr)
        self.assertIn("stored trade 1399 of 2025-01-01", self.stderr)
        self.assertEqual(len(self.stderr.splitlines()), 1, self.stderr)
        self.assertEqual(self.dump(), before)

    def test_a_second_file_that_contradicts_is_told(self):
        rows = [row for _, row in kraken_rows(300)]
        self.imported(self.write("a.csv", rows))
        before = self.dump()
        fields = rows[7].split(",")
        other = ",".join([fields[0], "91234.5", *fields[2:]])
        report = self.imported(self.write("b.csv", rows[:7] + [other] + rows[8:]))
        self.assertEqual((report["contradicting"], report["trades"]["stored_already"]), (1, 300))
        self.assertIn("trade 1007: stored is ", report["first_contradiction"])
        self.assertIn("91234.5", report["first_contradiction"])
        self.assertEqual(self.dump(), before)
        klines = [kline(minute) for minute in range(400, 500)]
        self.imported(self.write("k.csv", klines))
        self.assertEqual(self.imported(self.folder / "k.csv")["contradicting"], 0)
        before = self.dump()
        klines[5:8] = [kline(minute, 200) for minute in range(405, 408)]
        text = self.run_candled("import", self.write("l.csv", klines)).decode()
        self.assertIn("WARN     3 rows contradict what is stored, which stays; the first: candle 2025-01-01T06:45:00Z: stored is open 100 ", text)
        self.assertIn("here it is open 200", text)
        self.assertEqual(self.dump(), before)

    def test_refused_trades_without_ids_are_not_absent(self):
        """The row alone in its minute cannot be read: that minute is a gap, whole as the rest may be; a file that tells it mends that."""
        base = int(START.timestamp())
        rows = [f"{base + second},90000,0.5\n" for second in range(0, 3600, 20) if second // 60 not in (20, 21, 30)]
        broken = list(rows)
        broken.insert(60, f"{base + 20 * 60 + 5},90x00,0.5\n")  # alone in minute 20; nothing in 21
        broken.append(f"{base + 3590},90000\n")  # cut, at the end
        states = lambda database: dict(self.rows(database).all("SELECT substr(open_time, 12, 5), state FROM candles"))
        self.imported("--reject-max", "5", self.write("broken.csv", broken))
        found = states("import.sqlite")
        self.assertEqual({minute for minute in found if found[minute] == "gap"}, {"00:19", "00:20", "00:21", "00:22"})
        self.assertEqual(found["00:30"], "quiet")
        before = self.dump()
        self.imported("--reject-max", "5", self.folder / "broken.csv")
        self.assertEqual(self.dump(), before)
        later = [f"{base + second},90000,0.5\n" for second in range(3600, 4200, 20)]
        self.imported(self.write("later.csv", later))
        self.assertEqual(states("import.sqlite")["00:59"], "gap", "the row that was cut is in it")
        whole = rows[:60] + [f"{base + 20 * 60 + 5},90000,0.5\n"] + rows[60:] + [f"{base + 3590},90000,0.5\n"]
        self.imported(self.write("whole.csv", whole))
        found = states("import.sqlite")
        self.assertEqual({minute for minute in found if found[minute] == "gap"}, set())
        self.assertEqual((found["00:20"], found["00:21"], found["00:59"]), ("traded", "quiet", "traded"))
        self.imported(self.folder / "whole.csv", self.folder / "later.csv", database="fresh.sqlite")
        self.assertEqual(states("fresh.sqlite"), found)
        # What is known already stays known, whatever a damaged copy says.
        before = self.dump()
        self.imported("--reject-max", "5", self.folder / "broken.csv")
        self.assertEqual(self.dump(), before)


class AllTest(ImportCase):
    def run_all(self, *arguments, code=0):
        command = [BINARY, "import", "--all", *map(str, arguments), "--db", str(self.folder / "all.sqlite")]
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False, timeout=120)
        self.assertEqual(done.returncode, code, done.stderr.decode()[-2000:])
        self.stderr = done.stderr.decode()
        return done.stdout.decode()

    def test_every_pair_of_an_archive(self):
        rows = [row for _, row in kraken_rows(200)]
        with zipfile.ZipFile(self.folder / "Kraken_Trading_History.zip", "w") as archive:
            for name in ("XBTUSD", "ETHUSD", "XDGEUR", "1INCHUSDT"):
                archive.writestr(f"TimeAndSales/{name}.csv", "".join(rows))
            archive.writestr("TimeAndSales/SOLUSD.csv", "what,is,this\n" * 9)
            archive.writestr("TimeAndSales/notes.csv", "a,b\n")
            archive.writestr("README.md", "words")
        text = self.run_all("Kraken_Trading_History.zip", code=1)
        self.assertIn("exchange kraken: Kraken_Trading_History.zip/TimeAndSales/", text)
        for market in ("kraken:BTC/USD", "kraken:ETH/USD", "kraken:DOGE/EUR", "kraken:1INCH/USDT"):
            self.assertRegex(text, f"(?m)^{market} +200 rows, 2025-01-01T00:00:.*: 200 trades new, 0 stored already$")
        self.assertIn("kraken:SOL/USD         failed: Kraken_Trading_History.zip:TimeAndSales/SOLUSD.csv: ", text)
        self.assertIn("4 markets, 800 rows; failed: kraken:SOL/USD", text)
        self.assertIn("1 files whose names tell no pair, passed over: Kraken_Trading_History.zip/TimeAndSales/notes.csv", text)
        self.assertEqual(self.rows("all.sqlite").all("SELECT market, count(*) FROM trades GROUP BY 1 ORDER BY 1"),
                         [("kraken:1INCH/USDT", 200), ("kraken:BTC/USD", 200), ("kraken:DOGE/EUR", 200), ("kraken:ETH/USD", 200)])
        alone = self.imported(self.write("XBTUSD.csv", rows))
        self.assertEqual(alone["trades"]["new"], 200)
        of_btc = "SELECT open_time, open, close, volume, state FROM candles WHERE market = 'kraken:BTC/USD' ORDER BY 1"
        self.assertEqual(self.rows("all.sqlite").all(of_btc), self.rows().all(of_btc))
        before = self.dump("all.sqlite")
        report = json.loads(self.run_all("Kraken_Trading_History.zip", "--json", code=1))
        self.assertEqual([one["trades"]["new"] for one in report["markets"]], [0, 0, 0, 0])
        self.assertEqual([one["market"] for one in report["failed"]], ["kraken:SOL/USD"])
        self.assertEqual(self.dump("all.sqlite"), before)

    def test_exchanges_and_intervals(self):
        folder = self.folder / "mixed"
        folder.mkdir()
        for name in ("BTCUSDT-1m-2025-01.csv", "ETHUSDT-1m-2025-01.csv"):
            (folder / name).write_text("".join(map(kline, range(50))))
        (folder / "ETHUSDT-1h-2025-01.csv").write_text("".join(map(kline, range(0, 600, 60))))
        text = self.run_all("mixed")
        self.assertRegex(text, "binance:ETH/USDT +50 rows, .*: 50 candles new, 0 stored already")
        self.assertIn("1 files of candles that do not fit", text)
        self.assertIn("2 markets, 100 rows", text)
        start = int(START.timestamp())
        (self.folder / "ETHUSD.csv").write_text("".join(f"{start + n},100,1\n" for n in range(9)))
        self.run_all("ETHUSD.csv", code=1)
        self.assertIn("ETHUSD.csv: its name does not tell which exchange it is of: say --exchange", self.stderr)
        self.assertRegex(self.run_all("ETHUSD.csv", "--exchange", "coinbase"), "coinbase:ETH/USD +9 rows")
        self.run_all("ETHUSD.csv", "--market", "kraken:ETH/USD", code=2)
        self.run_candled("import", "ETHUSD.csv", "--exchange", "kraken", code=2)


class ExportTest(ImportCase):
    def test_round_trips_give_the_same_bytes(self):
        rows = [row for _, row in kraken_rows(3000)]
        self.imported(self.write("new.csv", rows[1000:2000] + rows[2300:]))
        self.imported(self.write("old.csv", rows[:1000]))  # which comes late
        self.write("klines.csv", [kline(minute) for minute in range(500, 600)])
        self.imported(self.folder / "klines.csv")
        for kind in ("trades", "candles"):
            first = self.run_candled("export", kind)
            self.assertGreater(first.count(b"\n"), 150)
            (self.folder / f"{kind}.csv").write_bytes(first)
            self.imported(self.folder / f"{kind}.csv", database=f"{kind}.sqlite")
            self.assertEqual(self.run_candled("export", kind, database=f"{kind}.sqlite"), first)
        text = self.run_candled("export", "trades").decode()
        self.assertIn(",import,1,", text, "late trades stay late")

    def everything(self, database="import.sqlite"):
        """All that the file says of trades and candles, the moment of receipt included."""
        return self.dump(database) + [self.rows(database).all("SELECT trade_id, received FROM trade ORDER BY 1")]

    def test_own_export_changes_nothing(self):
        """Trades with ids and without, in turns and in no order of time; sides, pauses, holes, late rows, candles of files."""
        for seed in range(6):
            with self.subTest(seed=seed):
                dice, database = random.Random(seed), f"kinds{seed}.sqlite"
                base = int(START.timestamp())
                pieces = []
                for hour in range(4):  # each hour is of one kind
                    if dice.random() < 0.6:
                        times = sorted(dice.choices(range(base + hour * 3600, base + hour * 3600 + 3000), k=80))
                        pieces.append("".join(f"{time},{90_000 + dice.randint(0, 9)},{dice.randint(1, 9)}.5\n" for time in times))
                    else:
                        rows = [f"{base + hour * 3600 + n * 20}.25,{90_000 + dice.randint(0, 9)},0.{dice.randint(1, 9)},{dice.choice('bs')},l,,"
                                f"{5000 + hour * 1000 + n}\n" for n in range(150) if not 40 < n < 50]
                        pieces.append("".join(rows[::2] if dice.random() < 0.3 else rows))
                dice.shuffle(pieces)
                for number, piece in enumerate(pieces):
                    self.imported(self.write(f"piece{number}.csv", piece), database=database)
                self.imported(self.write("klines.csv", [kline(minute) for minute in range(230, 500) if minute not in range(300, 310)]), database=database)
                before = self.everything(database)
                self.assertGreater(len(before[0]), 200)
                for kind in ("trades", "candles"):
                    out = self.run_candled("export", kind, database=database)
                    (self.folder / f"{kind}.csv").write_bytes(out)
                    report = self.imported(self.folder / f"{kind}.csv", database=database)
                    self.assertEqual((report[kind]["new"], report["rejected"], report["trades"]["replaced"]), (0, 0, 0))
                    self.assertEqual(self.everything(database), before)
                    new = f"{kind}{seed}.sqlite"
                    report = self.imported(self.folder / f"{kind}.csv", database=new)
                    self.assertEqual((report[kind]["new"], report["rejected"]), (out.count(b"\n") - 1, 0))
                    self.assertEqual(self.run_candled("export", kind, database=new), out)

    def test_export_of_trades_that_stand_twice(self):
        """What an older candled exported with an id and without at one time stands once, with its id."""
        self.imported(self.write("plain.csv", "".join(f"{int(START.timestamp()) + n},90000,0.5\n" for n in range(20))), database="plain.sqlite")
        with_ids = [f"{int(START.timestamp()) + n},90000,0.5,b,l,,{1000 + n}\n" for n in range(20)]
        self.imported(self.write("ids.csv", with_ids), database="ids.sqlite")
        plain, ids = (self.run_candled("export", "trades", database=f"{name}.sqlite").splitlines(True) for name in ("plain", "ids"))
        both = self.folder / "both.csv"
        both.write_bytes(b"".join(plain + ids[1:]))
        self.imported(both)
        self.assertEqual(self.run_candled("export", "trades"), b"".join(ids))
        before = self.everything()
        report = self.imported(both)["trades"]
        self.assertEqual((report["new"], report["stored_already"], report["covered"], report["replaced"]), (0, 20, 20, 0))
        self.assertEqual(self.everything(), before)

    def test_ids_replace_only_what_they_cover(self):
        """Two files with ids and a hole of an hour between them: the trades without ids in the hole stay."""
        base = int(START.timestamp())
        self.imported(self.write("plain.csv", "".join(f"{base + second},90000,0.5\n" for second in range(0, 5400, 60))))
        with_ids = [f"{base + n * 10},90000,0.5,b,l,,{1000 + n}\n" for n in range(540)]
        report = self.imported(self.write("a.csv", with_ids[:90]), self.write("b.csv", with_ids[450:]))
        self.assertEqual(report["trades"]["replaced"], 15 + 15)
        self.assertEqual(self.rows().all("SELECT count(*), min(time), max(time) FROM trades WHERE trade_id < 0"),
                         [(60, "2025-01-01T00:15:00.000000Z", "2025-01-01T01:14:00.000000Z")])

    def test_spans_files_and_closed_pipes(self):
        self.imported(self.write("klines.csv", [kline(minute) for minute in range(2000)]))
        out = self.folder / "out.csv"
        self.run_candled("export", "candles", "--from", "2025-01-01T01:00:00Z", "--to", "2025-01-02", "--out", out)
        lines = out.read_text().splitlines()
        self.assertEqual(len(lines), 1 + 1380)
        self.assertIn("2025-01-01T01:00:00Z", lines[1])
        self.assertIn("2025-01-01T23:59:00Z", lines[-1])
        names = self.run_candled("export", "features", "--to", "2025-01-01").decode()
        self.assertTrue(names.startswith("open_time,logret_1,"))
        self.assertEqual(self.run_candled("export", "features").count(b"\n"), 2001)
        self.assertEqual([path.name for path in self.folder.glob("out.csv*")], ["out.csv"])
        self.run_candled("export", "candles", market="kraken:ETH/USD", code=1)
        self.assertIn("holds nothing of kraken:ETH/USD", self.stderr)
        self.run_candled("export", "candles", "--from", "yesterday", code=2)
        head = subprocess.run(f"'{BINARY}' export candles --market {MARKET} --db import.sqlite | head -1; exit ${{PIPESTATUS[0]}}", shell=True,
                              executable="/bin/bash", cwd=self.folder, capture_output=True, check=False)
        self.assertEqual((head.returncode, head.stderr), (0, b""))

    def test_outputs_never_replace_what_matters(self):
        klines = self.write("klines.csv", [kline(minute) for minute in range(10)] + ["x\n"])
        self.imported("--reject-max", "50", klines)
        before = self.dump()
        link = self.folder / "link.csv"
        link.symlink_to(self.folder / "behind.csv")
        self.run_candled("export", "candles", "--out", link)
        self.assertTrue(link.is_symlink())
        self.assertEqual((self.folder / "behind.csv").read_text().count("\n"), 11)
        (self.folder / "other.sqlite").write_bytes(b"SQLite format 3\0and so on")
        for name in ("import.sqlite", "import.sqlite-wal", "import.sqlite.lock", "other.sqlite", "."):
            self.run_candled("export", "candles", "--out", self.folder / name, code=2)
            self.assertEqual(len(self.stderr.splitlines()), 1, self.stderr)
            if name.startswith("import.sqlite"):
                self.assertIn("belongs to the database", self.stderr)
            self.run_candled("import", "--reject-max", "50", klines, "--rejects", self.folder / name, code=2)
        (self.folder / "alias.sqlite").symlink_to("import.sqlite")
        for name in ("import.sqlite", "import.sqlite-wal", "import.sqlite.lock", "alias.sqlite"):
            self.run_candled("export", "candles", "--out", self.folder / name, database="alias.sqlite", code=2)
            self.assertIn("belongs to the database", self.stderr)
        self.run_candled("import", "--reject-max", "50", klines, "--rejects", klines, code=2)
        self.assertIn("is what is read", self.stderr)
        self.run_candled("import", "--reject-max", "nan", klines, code=2)
        self.assertEqual(self.dump(), before)
        self.assertEqual(klines.read_text().count("\n"), 11)
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
        self.run_candled("export", "candles", "--out", pipe)
        self.assertEqual(reader.communicate()[0].count(b"\n"), 11)
        self.assertTrue(pipe.is_fifo())
        self.assertEqual(self.run_candled("export", "candles", "--out", "-").count(b"\n"), 11)

    @unittest.skipUnless((DATA / "candles").is_dir(), f"no recorded data in {DATA}")
    def test_recorded_files(self):
        report = self.imported(DATA / "trades")
        self.assertEqual((report["trades"]["new"], report["trades"]["holes"], report["rejected"]), (24_720, 3, 0))
        self.assertEqual(self.rows().all("SELECT last_missing_id - first_missing_id + 1 FROM gaps ORDER BY 1"), [(15_116,), (230_671,), (7_505_559,)])
        report = self.imported(DATA / "candles/binance-ethusdt-1m-2023-03", database="eth.sqlite", market="kraken:ETH/USDT")
        self.assertEqual((report["rows"], report["candles"]["new"], report["candles"]["gap"]), (44_560, 44_640, 80))
        gap = self.rows("eth.sqlite").all("SELECT min(open_time), max(open_time), count(*) FROM candles WHERE state = 'gap'")
        self.assertEqual(gap, [("2023-03-24T12:40:00Z", "2023-03-24T13:59:00Z", 80)])


class DaemonTest(FeedCase, ImportCase):
    def test_ids_of_the_exchange_take_the_place_of_none(self):
        """Trades of a file without ids, then the exchange's: by gap-fill, by backfill, by a start. Each trade stands once, and verify holds."""
        exchange = self.exchange(speed=1, history="30m")
        config = self.write_config(self.config(exchange, database="truth.sqlite"))
        self.run_candled("--backfill", "30m", "--config", config, database="truth.sqlite")
        trades = self.rows("truth.sqlite").all("SELECT time, price, quantity FROM trade ORDER BY trade_id")
        middle = trades[len(trades) // 3:len(trades) // 2]
        lines = [f"{time // 10**9},{price / 10**10:.5f},{quantity / 10**8:.8f}\n" for time, price, quantity in middle]
        self.assertGreater(len(lines), 150)
        sums = "SELECT substr(time, 1, 16), count(*), sum(quantity) FROM (SELECT strftime('%Y-%m-%dT%H:%M', time / 1000000000, 'unixepoch') time, quantity FROM trade WHERE time < ?) GROUP BY 1"
        end = trades[-1][0] // (60 * 10**9) * 60 * 10**9
        wanted = self.rows("truth.sqlite").all(sums, end)
        file = self.write("XBTUSD.csv", lines)
        for name, command in (("gapfill", ["--gap-fill"]), ("backfill", ["--backfill", "30m"]), ("start", None)):
            with self.subTest(name):
                self.imported(file, database=f"{name}.sqlite")
                config = self.config(exchange, database=f"{name}.sqlite", history={"on_start": "12h"})
                if command:
                    self.run_candled(*command, "--config", self.write_config(config), database=f"{name}.sqlite")
                else:
                    daemon = self.daemon(config)
                    daemon.wait_for("the catch-up", lambda: daemon.rows.count("trade", "trade_id >= 0") >= len(trades))
                    self.assertEqual(daemon.stop(), 0)
                    self.assertEqual(daemon.problems(), [])
                rows = self.rows(f"{name}.sqlite")
                first = wanted[0][0]
                self.assertEqual([row for row in rows.all(sums, end) if row[0] > first], wanted[1:])
                self.assertEqual(rows.count("trade", "trade_id < 0"), 0)
                self.assertEqual(rows.count("trade_replaced"), len(lines))
                counts = dict((row[0], row[1]) for row in wanted[1:])
                for candle in rows.candles():
                    if candle.open_time[:16] in counts and candle.open_time < rows.candles()[-1].open_time:
                        self.assertEqual((candle.state, candle.trades), ("traded", counts[candle.open_time[:16]]))
                self.run_candled("verify", "--config", self.write_config(config), database=f"{name}.sqlite")

    def test_daemon_and_import_on_one_file(self):
        exchange = self.exchange(speed=60, history="30m")
        config = self.config(exchange, database="import.sqlite")
        klines = [kline(minute) for minute in range(300)]
        self.imported(self.write("klines.csv", klines))
        daemon = self.daemon(config)
        daemon.wait_for("live candles", lambda: daemon.rows.count("candles", "buy_trades IS NOT NULL") > 5)
        self.run_candled("import", self.folder / "klines.csv", code=1)
        self.assertIn("in use by another candled", self.stderr)
        self.assertEqual(len(self.stderr.splitlines()), 1)
        self.assertGreater(self.run_candled("export", "candles").count(b"\n"), 305, "export reads beside the daemon")
        self.assertEqual(daemon.stop(), 0)
        told = {line["event"] for line in daemon.problems()}
        self.assertLessEqual(told, {"what is stored is ahead of the exchange's clock"})
        self.assertEqual(daemon.rows.count("candles", "trades = 12 AND buy_trades IS NULL"), 300)

    def test_daemon_catches_up_over_imported_candles(self):
        """Imported candles that reach further than the trades: the trades take their place, and the daemon goes on behind them."""
        exchange = self.exchange(speed=60, history="20m")
        config = self.config(exchange, database="import.sqlite", history={"on_start": "20m"})
        probe = self.daemon(self.config(exchange, database="probe.sqlite", history={"on_start": "20m"}))
        probe.wait_for("candles", lambda: probe.rows.count("candles") > 19)
        self.assertEqual(probe.stop(), 0)
        stored = probe.rows.candles()
        opens = [int(datetime.fromisoformat(candle.open_time.replace("Z", "+00:00")).timestamp()) for candle in stored]
        lines = [f"{seconds},100,101,99,100,3,4\n" for seconds in range(opens[0] - 3600, opens[-1] - 120, 60)]
        self.imported(self.write("XBTUSD_1.csv", lines))
        daemon = self.daemon(config)
        daemon.wait_for("candles behind the imported ones", lambda: daemon.rows.count("candles", f"open_time > '{stored[-1].open_time}'") > 3)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.problems(), [])
        common = {candle.open_time: candle for candle in stored[1:]}
        for candle in daemon.rows.candles():
            if candle.open_time in common:
                self.assertEqual(candle, common[candle.open_time])
        self.assertEqual(daemon.rows.one("SELECT count(*) FROM feature f LEFT JOIN candle c USING (market, open_time) WHERE c.open_time IS NULL"), 0)
