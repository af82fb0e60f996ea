"""The real programs as a test sees them: a local exchange, the daemon, its commands, and one folder for all they write.

    class LiveTest(harness.Case):
        def test_it(self):
            exchange = self.exchange(speed=60, history="2h")
            daemon = self.daemon(self.config(exchange))
            daemon.wait_for("candles", lambda: daemon.rows.count("candles") > 5)
            self.assertEqual(daemon.stop(), 0)
"""

import json
import os
import shutil
import signal
import ssl
import tempfile
import unittest
import urllib.parse
import urllib.request
from decimal import Decimal
from pathlib import Path

from processes import SLOWNESS, Process, Timeout, wait_until
from rows import Rows

BINARY = os.environ.get("CANDLED_BINARY", "")
STOP_S = 10.0  # the contract: SIGTERM to exit 0


def toml_text(tables):
    """{"candles": {...}, "exchange.kraken": {...}, "market": [{...}, ...]} as TOML. JSON's texts are TOML's."""
    lines = []
    for name, table in tables.items():
        header = f"[[{name}]]" if isinstance(table, list) else f"[{name}]"
        for one in table if isinstance(table, list) else [table]:
            lines += [header] + [f"{key} = {json.dumps(value)}" for key, value in one.items()] + [""]
    return "\n".join(lines)


class Exchange(Process):
    """`candled simulate`, listening."""

    def __init__(self, folder, name, options):
        super().__init__(name, [BINARY, "simulate", *options], folder)
        self.settings = {}
        wait_until("the exchange to listen", self._read_settings, alive=[self])
        self.websocket_url = self.settings["websocket_url"]
        self.rest_url = self.settings["rest_url"]
        self.ca_file = self.settings.get("ca_file", "")
        self.clock_rate = float(self.settings["clock_rate"])
        self.port = urllib.parse.urlsplit(self.rest_url).port
        self._tls = ssl.create_default_context(cafile=Path(folder) / self.ca_file) if self.ca_file else None

    def _read_settings(self):
        for line in self.out().splitlines():
            key, separator, value = line.partition(" = ")
            if separator:
                self.settings[key] = value.strip('"')
        return "clock_rate" in self.settings

    def _ask(self, request):
        tls = urllib.request.HTTPSHandler(context=self._tls)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), tls)
        with opener.open(request, timeout=30 * SLOWNESS) as answer:
            return json.load(answer, parse_float=Decimal)

    def fault(self, text):
        """Strikes now (or when it says): "cut?seconds=2&trades=20". Returns the status."""
        root = self.rest_url.removesuffix("/0/public")
        return self._ask(urllib.request.Request(f"{root}/simulator/{text}", method="POST"))

    def clear(self):
        return self.fault("clear")

    def status(self):
        return self._ask(f"{self.rest_url.removesuffix('/0/public')}/simulator/status")

    def market(self, symbol="BTC/USD"):
        return next(market for market in self.status()["markets"] if market["symbol"] == symbol)

    def rest(self, call, **query):
        return self._ask(f"{self.rest_url}/{call}?{urllib.parse.urlencode(query)}")

    def all_trades(self, pair="XBTUSD"):
        """Every trade that REST has, by id: the rows of exchanges.md 2.6 with numbers as Decimal."""
        trades, since = {}, "0"
        while True:
            result = self.rest("Trades", pair=pair, since=since, count=1000)["result"]
            page = next(rows for key, rows in result.items() if key != "last")
            fresh = [row for row in page if row[6] not in trades]
            if not fresh:
                return dict(sorted(trades.items()))
            trades.update((row[6], row) for row in fresh)
            since = str(int(result["last"]) - 1)  # the group at the page's end comes again


class Daemon(Process):
    """`candled --config F` (or another command with that config), logging JSON lines."""

    def __init__(self, folder, name, config_file, database, arguments=(), under=()):
        super().__init__(name, [*under, BINARY, "--config", config_file, *arguments], folder)
        self.rows = Rows(database)

    def log(self, event=None, level=None):
        """Log lines as dictionaries; texts that are not JSON come as {"raw": line}."""
        lines = []
        for line in self.err().splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                record = {"raw": line}
            if (event is None or event in record.get("event", "")) and (level is None or record.get("level") == level):
                lines.append(record)
        return lines

    def problems(self):
        return [line for line in self.log() if line.get("level") in ("warning", "error") or "raw" in line]

    def wait_log(self, event, count=1, **words):
        """The first `count` lines with this event whose fields contain the given words."""
        def found():
            lines = [line for line in self.log(event) if all(word in line.get(key, "") for key, word in words.items())]
            return lines if len(lines) >= count else None
        return wait_until(f"log line {event!r} {words or ''}", found, alive=[self])

    def stop(self, number=signal.SIGTERM):
        """The exit code; fails after the contract's ten seconds."""
        self.send(number)
        code = self.wait(STOP_S)
        if code != 0:
            print(f"{self.name} exited with {code}\n{self.tail(40)}")
        return code


class Case(unittest.TestCase):
    """A test with a folder of its own, which is kept when the test fails and KEEP is set."""

    longMessage = True

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="candled-e2e-"))
        self._processes = []
        self._names = {}
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        for process in reversed(self._processes):
            process.kill()
        reports = {process.name: process.sanitizer_report() for process in self._processes}
        if not os.environ.get("CANDLED_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)
        self.assertEqual({name: report for name, report in reports.items() if report}, {})

    def own(self, process):
        self._processes.append(process)
        return process

    def _name(self, name):
        self._names[name] = self._names.get(name, 0) + 1
        return name if self._names[name] == 1 else f"{name}-{self._names[name]}"

    def exchange(self, *, tls=True, speed=60, history=None, length=None, trades=(), symbols=(), seed=1,
                 rest_calls_per_second=0, faults=(), listen="127.0.0.1:0", extra=()):
        name = self._name("exchange")
        options = ["--listen", listen, "--speed", speed, "--seed", seed]
        options += ["--rest-calls-per-second", rest_calls_per_second]
        if tls:
            options += ["--tls", "--certificates", self.folder / f"{name}-certificates"]
        for flag, value in (("--history", history), ("--length", length)):
            options += [flag, value] if value else []
        for flag, values in (("--trades", trades), ("--symbol", symbols), ("--fault", faults)):
            for value in values:
                options += [flag, value]
        return self.own(Exchange(self.folder, name, [*options, *extra]))

    def config(self, exchange=None, *, database="candled.sqlite", **tables):
        """The tables of a config file for this exchange; what a test names wins: training={"enabled": True}."""
        config = {
            "storage": {"path": str(self.folder / database)},
            "exchange.kraken": {"rest_interval": "5ms", "subscribe_timeout": "3s"},
            "training": {"enabled": False},
            "model": {"directory": str(self.folder / "models"), "rounds": 20, "depth": 4},
            "server": {"enabled": False},
            "log": {"format": "json"},
        }
        if exchange is not None:
            config["exchange.kraken"].update(websocket_url=exchange.websocket_url, rest_url=exchange.rest_url,
                                             ca_file=exchange.ca_file, clock_rate=exchange.clock_rate)
        for name, table in tables.items():
            name = {"kraken": "exchange.kraken"}.get(name, name)
            config[name] = table if isinstance(table, list) else {**config.get(name, {}), **table}
        return config

    def write_config(self, config):
        path = self.folder / f"{self._name('config')}.toml"
        path.write_text(config if isinstance(config, str) else toml_text(config))
        return path

    def daemon(self, config, arguments=(), name="daemon", under=()):
        """`under`: another program that runs it, such as prlimit."""
        database = config["storage"]["path"]
        return self.own(Daemon(self.folder, self._name(name), self.write_config(config), database, arguments, under))

    def run_command(self, config, arguments, name="command"):
        """A command to its end."""
        command = self.daemon(config, arguments, name)
        command.wait()
        return command

    def wait_end_of_tape(self, exchange, daemon, symbol="BTC/USD", patience_s=120.0):
        """Until the tape has ended, and its last trade and the candle that holds it are committed."""
        alive, name = [exchange, daemon], f"kraken:{symbol}"
        wait_until("the end of the tape", lambda: exchange.status()["tape_ended"], patience_s, alive, pause_s=0.1)
        last = exchange.market(symbol)["last_id"]
        wait_until(f"trade {last} to be stored", lambda: daemon.rows.last_id(name) == last, alive=alive)
        wait_until("the last candle", lambda: daemon.rows.last_trade_is_closed(name), alive=alive)
        return last


__all__ = ["SLOWNESS", "Case", "Daemon", "Exchange", "Timeout", "toml_text", "wait_until"]
