#!/usr/bin/env python3
"""What the daemon costs while nothing happens, and what it keeps in memory while much does.

    tests/bench/idle_bench.py BUILD/candled idle [SECONDS]       one Kraken market, heartbeats only (30 s by default)
    tests/bench/idle_bench.py BUILD/candled memory [SECONDS]     a market at 600 times (60 s by default: ten hours of it)
    tests/bench/idle_bench.py BUILD/candled stop [TIMES]         SIGTERM while a training on a year of minutes runs

idle prints context switches a second, all and per thread, and processor time; memory prints the resident memory ten times
over the run, its peak, and how many trainings there were; both of /proc, with the default config but for what a local
exchange needs. stop prints the seconds from signal to exit, each at another moment of the training, every other time
with a busy process for each core beside it.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

os.environ["CANDLED_BINARY"] = str(Path(sys.argv[1]).resolve())
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))
import harness  # noqa: E402
from backtest_bench import klines  # noqa: E402
from processes import cpu_seconds  # noqa: E402


def status(pid, thread=None):
    folder = f"/proc/{pid}" + (f"/task/{thread}" if thread else "")
    return dict(re.findall(r"^(\w+):\s+(.+?)(?: kB)?$", Path(folder, "status").read_text(), re.M))


def switches(pid):
    """{thread name: context switches so far}; threads of one name together."""
    counts = {}
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            words = status(pid, thread)
        except FileNotFoundError:
            continue
        both = int(words["voluntary_ctxt_switches"]) + int(words["nonvoluntary_ctxt_switches"])
        counts[words["Name"]] = counts.get(words["Name"], 0) + both
    return counts


class Bench(harness.Case):
    def runTest(self):
        pass

    def serving(self, exchange, **tables):
        server = {"enabled": True, "listen": "127.0.0.1:0"}
        config = self.config(exchange, server=server, **tables)
        return self.daemon(config)

    def idle(self, seconds):
        exchange = self.exchange(speed=1, history="10m", length="1s", extra=["--trades-per-minute", "1"])
        daemon = self.serving(exchange)
        daemon.wait_log("watching")
        time.sleep(10)  # history and the first subscription are over
        pid = daemon.child.pid
        before, spent = switches(pid), cpu_seconds(daemon)
        time.sleep(seconds)
        after = switches(pid)
        spent = cpu_seconds(daemon) - spent
        rates = {name: (after[name] - before.get(name, 0)) / seconds for name in after}
        print(f"idle: {sum(rates.values()):.1f} context switches a second, {spent / seconds * 100:.2f} % of one core")
        for name, rate in sorted(rates.items(), key=lambda pair: -pair[1]):
            print(f"    {name:<16} {rate:6.1f}")
        print(f"    resident {int(status(pid)['VmRSS']) / 1024:.1f} MB")
        daemon.stop()

    def memory(self, seconds):
        exchange = self.exchange(speed=600, history="7d", seed=3)
        daemon = self.serving(exchange, training={"enabled": True}, model={"rounds": 200, "depth": 6})
        pid = daemon.child.pid
        begin = time.monotonic()
        for part in range(1, 11):
            time.sleep(max(0.0, begin + seconds * part / 10 - time.monotonic()))
            words = status(pid)
            trainings = len(daemon.log("model trained"))
            print(f"    {time.monotonic() - begin:6.0f} s  resident {int(words['VmRSS']) / 1024:6.1f} MB, "
                  f"peak {int(words['VmHWM']) / 1024:6.1f} MB, trainings {trainings}", flush=True)
        print(f"memory: {int(status(pid)['VmRSS']) / 1024:.1f} MB at the end, peak {int(status(pid)['VmHWM']) / 1024:.1f} MB")
        daemon.stop()


    def stop(self, times):
        (self.folder / "year.csv").write_text("".join(klines(525_600)))
        nobody = {"websocket_url": "ws://127.0.0.1:1/v2", "rest_url": "http://127.0.0.1:1"}
        config = self.config(kraken=nobody, training={"enabled": True, "window": "365d"}, model={"rounds": 200, "depth": 6})
        made = self.daemon(config, ["import", str(self.folder / "year.csv"), "--market", "kraken:BTC/USD"], name="import")
        if made.wait(600) != 0:
            raise SystemExit(made.tail())
        dice, slowest, behind = random.Random(1), 0.0, 0
        for number in range(times):
            busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count())] if number % 2 else []
            try:
                daemon = self.daemon(config)
                daemon.wait_log("training")
                pause = dice.uniform(0, 40)
                time.sleep(pause)
                spent = cpu_seconds(daemon)
                begin = time.monotonic()
                daemon.send(signal.SIGTERM)
                code = daemon.wait(120)
                took = time.monotonic() - begin
            finally:
                for process in busy:
                    process.kill()
                    process.wait()
            left = bool(daemon.log("training left behind"))
            slowest, behind = max(slowest, took), behind + left
            print(f"    after {pause:4.1f} s of training ({spent:4.1f} s of processor), {len(busy)} busy processes: exit {code} "
                  f"after {took:.2f} s{', the training left behind' if left else ''}", flush=True)
            if code != 0:
                raise SystemExit(daemon.tail())
        print(f"stop: the slowest of {times} took {slowest:.2f} s; {behind} left the training behind")


def main():
    bench = Bench()
    bench.setUp()
    try:
        what = sys.argv[2] if len(sys.argv) > 2 else "idle"
        number = float(sys.argv[3]) if len(sys.argv) > 3 else None
        if what == "idle":
            bench.idle(number or 30)
        elif what == "memory":
            bench.memory(number or 60)
        elif what == "stop":
            bench.stop(int(number or 8))
        else:
            raise SystemExit(__doc__)
    finally:
        bench.doCleanups()


main()
