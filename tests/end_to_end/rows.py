"""What the daemon has stored, read through the views that people read, and candles computed from trades anew."""

import sqlite3
from collections import namedtuple
from datetime import datetime, timedelta
from decimal import Decimal

BITCOIN = "kraken:BTC/USD"

Candle = namedtuple("Candle", "open_time open high low close volume buy_volume trades state")
CANDLE_COLUMNS = "open_time, open, high, low, close, volume, buy_volume, trades, state"


class Rows:
    """One database file. Each question opens it anew, so a daemon may come and go."""

    def __init__(self, path):
        self.path = path

    def all(self, query, *values):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def one(self, query, *values):
        """The first column of the first row; None as long as the file or the table is not there."""
        try:
            found = self.all(query, *values)
        except sqlite3.OperationalError:
            return None
        return found[0][0] if found else None

    def count(self, view, where="1"):
        return self.one(f"SELECT count(*) FROM {view} WHERE {where}") or 0

    def last_id(self, market=BITCOIN):
        return self.one("SELECT max(trade_id) FROM trades WHERE market = ?", market)

    def last_trade_is_closed(self, market=BITCOIN):
        """Whether the candle that holds the last trade stands in the file."""
        last = self.one("SELECT max(time) FROM trades WHERE market = ?", market)
        if last is None:
            return False
        return self.one("SELECT 1 FROM candles WHERE market = ? AND open_time = ?", market, minute_of(last)) == 1

    def ids(self, market=BITCOIN):
        return [row[0] for row in self.all("SELECT trade_id FROM trades WHERE market = ? ORDER BY trade_id", market)]

    def candles(self, market=BITCOIN, until="9999"):
        query = f"SELECT {CANDLE_COLUMNS} FROM candles WHERE market = ? AND open_time <= ? ORDER BY open_time"
        return [Candle(*row) for row in self.all(query, market, until)]

    def trades(self, market=BITCOIN):
        """(id, ISO time, price, quantity, side) by id."""
        query = "SELECT trade_id, time, price, quantity, side FROM trades WHERE market = ? ORDER BY trade_id"
        return self.all(query, market)


def minute_of(iso_time):
    """2025-01-01T00:03:59.123456Z -> 2025-01-01T00:03:00Z"""
    return iso_time[:16] + ":00Z"


def minutes_between(first, last):
    """All open times from first to last, both included."""
    form = "%Y-%m-%dT%H:%M:%SZ"
    begin, end = datetime.strptime(first, form), datetime.strptime(last, form)
    count = (end - begin) // timedelta(minutes=1) + 1
    return [(begin + timedelta(minutes=number)).strftime(form) for number in range(count)]


def exact(value):
    """A view's number as the shortest decimal that gives it: what the exchange wrote."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def traded_candles(trades):
    """{open time: Candle} of (id, ISO time, price, quantity, side); ids decide what is first and last, not times."""
    minutes = {}
    for trade in sorted(trades):
        minutes.setdefault(minute_of(trade[1]), []).append(trade)
    candles = {}
    for open_time, group in minutes.items():
        prices = [exact(trade[2]) for trade in group]
        volume = sum(exact(trade[3]) for trade in group)
        bought = sum((exact(trade[3]) for trade in group if trade[4] == "buy"), Decimal(0))
        numbers = [float(number) for number in (prices[0], max(prices), min(prices), prices[-1], volume, bought)]
        candles[open_time] = Candle(open_time, *numbers, len(group), "traded")
    return candles


def expected_candles(trades, last=None):
    """The candles from the first trade's minute to `last` (an open time; else the last trade's) when no trade is
    missing: traded, or quiet and flat at the last close."""
    traded = traded_candles(trades)
    candles, close = [], None
    for open_time in minutes_between(min(traded), last or max(traded)):
        candle = traded.get(open_time) or Candle(open_time, close, close, close, close, 0.0, 0.0, 0, "quiet")
        candles.append(candle)
        close = candle.close
    return candles
