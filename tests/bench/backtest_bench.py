"""How fast `candled backtest` is: a year of minutes with stored features and from candles alone, a day of trades, a sweep.

    python3 tests/bench/backtest_bench.py --candled build/candled [--days 365] [--folder DIR]

Everything is made here, from a fixed seed. `rounds` is a ceiling: on noise a training stops early, so these candles have a
pattern that is worth 200 rounds, and the trees of the model's file are counted: other than 200 of depth 6, or predictions of
fewer candles than there are, and nothing is measured. Prints rates, processor seconds and the largest memory.
"""

import argparse
import json
import os
import random
import struct
import subprocess
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

START = int(datetime(2023, 1, 1, tzinfo=timezone.utc).timestamp())
CONFIG = """
[storage]
path = "year.sqlite"
[training]
every = "365d"
window = "30d"
[model]
directory = "models"
rounds = 200
depth = 6
learning_rate = 0.01
patience = 200
"""
TREES, DEPTH = 200, 6
STRATEGIES = "".join(f'[[strategy]]\nname = "{kind}"\nkind = "{kind}"\n'
                     for kind in ("dynamic", "balanced", "ultra_aggressive", "threshold", "vote_hold"))


def klines(minutes):
    dice, price, moved = random.Random(1), 20_000.0, 0.0
    for minute in range(minutes):
        opens = (START + minute * 60) * 1000
        moved = dice.gauss(-0.5 * moved, 0.0007)  # a move comes back by half: something to learn for 200 rounds
        close = round(price * (1 + moved), 2)
        high, low = max(price, close) * 1.0002, min(price, close) * 0.9998
        yield f"{opens},{price:.2f},{high:.2f},{low:.2f},{close:.2f},5.5,{opens + 59999},110000,12,2.5,50000,0\n"
        price = close


def trades(count):
    """Kraken's seven columns, spread over a day."""
    dice, price = random.Random(2), 20_000.0
    for i in range(count):
        price = max(1.0, price + dice.choice((-0.5, 0, 0.5)))
        yield f"{START + 86_400 * i / count:.4f},{price:.1f},{dice.randint(1, 10**7) / 1e8:.8f},{dice.choice('bs')},m,,{1000 + i}\n"


def int32s(model, key, begin):
    """The next array of this name behind `begin` in XGBoost's UBJSON, and where it ends."""
    at = model.index(b"[$l#", model.index(key, begin)) + 4
    width = {b"i": 1, b"U": 1, b"I": 2, b"l": 4, b"L": 8}[model[at:at + 1]]
    count = int.from_bytes(model[at + 1:at + 1 + width], "big")
    begin = at + 1 + width
    return struct.unpack(f">{count}i", model[begin:begin + 4 * count]), begin + 4 * count


def depths(model):
    """The depth of each tree of a model file: most splits above a leaf."""
    found, at = [], 0
    while (at := model.find(b"left_children", at)) >= 0:
        left, _ = int32s(model, b"left_children", at)
        right, _ = int32s(model, b"right_children", at)
        level, depth = [0], -1
        while level:
            depth += 1
            level = [child for node in level if left[node] >= 0 for child in (left[node], right[node])]
        found.append(depth)
        at += 1
    return found


def require_model(folder):
    """Refuses to measure anything but the model that is named."""
    for file in folder.rglob("*.ubj"):
        trees = depths(file.read_bytes())
        if len(trees) != TREES or max(trees) != DEPTH:
            raise SystemExit(f"{file}: {len(trees)} trees of depth {max(trees, default=0)}, not {TREES} of depth {DEPTH}")
        print(f"model: {len(trees)} trees, {sum(depth == DEPTH for depth in trees)} of them of depth {DEPTH}")
        return
    raise SystemExit("there is no model file")


class Bench:
    def __init__(self, candled, folder):
        self.candled, self.folder = str(Path(candled).resolve()), folder
        (folder / "c.toml").write_text(CONFIG + STRATEGIES)

    def run(self, *arguments):
        """(answer, wall seconds, processor seconds, MB)"""
        command = [self.candled, *map(str, arguments), "--config", "c.toml", "--market", "kraken:BTC/USD"]
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out = process.stdout.read()
        error = process.stderr.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        if status != 0:
            raise SystemExit(error)
        return json.loads(out), time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024

    def show(self, what, units, name, wall, processor, megabytes):
        print(f"{what:<52}{units:>9,} {name:<8}{wall:>7.2f} s wall {processor:>7.2f} s processor "
              f"{units / wall:>10,.0f}/s {units / processor:>10,.0f}/s of processor {megabytes:>5.0f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candled", default="build/candled")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--folder")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(options.folder or made)
        folder.mkdir(exist_ok=True, parents=True)
        bench = Bench(options.candled, folder)
        with open(folder / "year.csv", "w") as file:
            file.writelines(klines(options.days * 1440))
        with open(folder / "day.csv", "w") as file:
            file.writelines(trades(100_000))
        bench.run("import", "year.csv", "--json")
        walked = bench.run("backtest", "--json", "--walk-forward", "--models", "models", "--from", "2023-02-01", "--to", "2023-02-02")[0]
        model = walked["rounds"][0]["model"]
        require_model(folder / "models")
        whole = ["backtest", "--json", "--model", model, "--in-sample"]
        said, wall, processor, megabytes = bench.run(*whole)
        bench.show("candles, features stored, 5 strategies, 200 trees", said["data"]["candles"], "candles", wall, processor, megabytes)
        said, wall, processor, megabytes = bench.run(*whole, "--file", "year.csv")
        bench.show("the same from the CSV file, features computed", said["data"]["candles"], "candles", wall, processor, megabytes)
        said, wall, processor, megabytes = bench.run(*whole, "--file", "day.csv")
        bench.show("a day of trades from the CSV file", said["data"]["trades"], "trades", wall, processor, megabytes)
        said, wall, processor, megabytes = bench.run("backtest", "--json", "--model", model, "--in-sample", "--sweep", "strategy.dynamic.enter=0.51..0.60:0.01",
                                                     "--sweep", "strategy.dynamic.size=0.05..0.50:0.05")
        bench.show(f"sweep of {said['trials']} variants, features stored", options.days * 1440, "candles", wall, processor, megabytes)


if __name__ == "__main__":
    main()
