"""What a start costs that has to replay the whole record: time and memory with 1, 3 and 10 million trades behind the checkpoint.

    python3 tests/bench/recovery_bench.py --candled build/candled [--trades 1000000 3000000 10000000] [--folder DIR]

The trades are made here and imported: the newer nine tenths first, then the tenth before them, so that ids and numbers are in different orders.
Then the checkpoint is taken away and the daemon is started on the file, with an exchange that does not answer. Prints for each size the largest
memory until it is ready, the time, and at last how far the memories lie apart. With --verify, `candled verify` of the same file too.
"""

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

START = 1_735_689_600  # 2025-01-01
CONFIG = """
[storage]
path = "{database}"
[exchange.kraken]
websocket_url = "ws://127.0.0.1:1/v2"
rest_url = "http://127.0.0.1:1/0/public"
[training]
enabled = false
[server]
enabled = false
[log]
format = "json"
"""


def write_trades(path, first, count):
    """Kraken's seven columns, ten trades a second."""
    dice, price = random.Random(2), 20_000.0
    with open(path, "w") as out:
        for i in range(first, first + count):
            price = max(1.0, price + dice.choice((-0.5, 0, 0.5)))
            out.write(f"{START + i / 10:.4f},{price:.1f},{dice.randint(1, 10**7) / 1e8:.8f},{'bs'[i % 2]},m,,{1000 + i}\n")


def make_file(candled, folder, trades):
    database = folder / f"{trades}.sqlite"
    older = trades // 10
    for name, first, count in (("newer", older, trades - older), ("older", 0, older)):
        file = folder / f"{name}.csv"
        write_trades(file, first, count)
        subprocess.run([candled, "import", file, "--market", "kraken:BTC/USD", "--db", database], check=True, capture_output=True)
        file.unlink()
    return database


def drop_checkpoint(database):
    connection = sqlite3.connect(database)
    connection.executescript("DELETE FROM checkpoint; UPDATE stream SET checkpoint_sequence = 0")
    connection.close()


def peak_kb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    raise RuntimeError("no VmHWM")


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def start(candled, folder, database):
    """(peak in MB, seconds, processor seconds, replayed events) of a start until it is ready."""
    config = folder / "c.toml"
    config.write_text(CONFIG.format(database=database))
    begun = time.monotonic()
    daemon = subprocess.Popen([candled, "--config", config], cwd=folder, stderr=subprocess.PIPE, text=True)
    for text in daemon.stderr:
        line = json.loads(text)
        if line["event"] == "ready to go on":
            break
    else:
        raise SystemExit(f"the daemon ended with {daemon.wait()}")
    took, peak, processor = time.monotonic() - begun, peak_kb(daemon.pid) / 1024, processor_seconds(daemon.pid)
    daemon.send_signal(signal.SIGKILL)  # the file stays as it is
    daemon.wait()
    return peak, took, processor, int(line["replayed_events"])


def verify(candled, database):
    begun = time.monotonic()
    child = subprocess.Popen([candled, "verify", "--json", "--db", database], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peak = 0
    while child.poll() is None:
        try:
            peak = max(peak, peak_kb(child.pid) / 1024)
        except (OSError, RuntimeError):
            pass
        time.sleep(0.02)
    answer = json.loads(child.stdout.read())
    return peak, time.monotonic() - begun, answer["differences"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candled", default="build/candled")
    parser.add_argument("--trades", type=int, nargs="+", default=[1_000_000, 3_000_000, 10_000_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--verify", action="store_true")
    given = parser.parse_args()
    candled = Path(given.candled).resolve()
    with tempfile.TemporaryDirectory(prefix="candled_recovery_bench_") as temporary:
        folder = given.folder or Path(temporary)
        peaks = []
        for trades in given.trades:
            database = folder / f"{trades}.sqlite"
            if not database.exists():
                make_file(candled, folder, trades)
            if given.verify:
                peak, took, differences = verify(candled, database)
                print(f"{trades:>12,} trades   verify   {peak:7.1f} MB   {took:6.1f} s   {differences} differences", flush=True)
            drop_checkpoint(database)
            peak, took, processor, events = start(candled, folder, database)
            peaks.append(peak)
            print(f"{trades:>12,} trades   start    {peak:7.1f} MB   {took:6.1f} s   {processor:6.1f} s of processor   {events:,} events replayed, "
                  f"{events / took:,.0f}/s", flush=True)
        print(f"highest peak {100 * (max(peaks) / min(peaks) - 1):.1f} % above the lowest")


if __name__ == "__main__":
    main()
