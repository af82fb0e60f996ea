"""A disk without room: a command that reads what stays says so and ends, and a second run ends in the same rows."""

import os
import resource
import signal
import subprocess
import time

from harness import BINARY, SLOWNESS
from test_import import MARKET, ImportCase, kline, kraken_rows


def full_at(size_bytes):
    """A file that grows past the limit is refused, as on a full disk, with and without root's rights."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))
    return limit


class FullDiskTest(ImportCase):
    def assert_ends_with_one_line(self, file, size_bytes):
        command = [BINARY, "import", str(file), "--market", MARKET, "--db", str(self.folder / "import.sqlite")]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, cwd=self.folder, text=True, check=False, timeout=40 * SLOWNESS, preexec_fn=full_at(size_bytes))
        self.assertLess(time.monotonic() - began, 30 * SLOWNESS)
        self.assertEqual(done.returncode, 1, done.stderr[-2000:])
        said = [line for line in done.stderr.splitlines() if line.startswith("candled: ")]
        self.assertEqual(len(said), 1, done.stderr[-2000:])
        self.assertIn("import.sqlite", said[0])
        self.assertIn("run it again", said[0])
        self.assertNotIn("feed waits", done.stderr)

    def test_import_of_trades(self):
        file = self.write("a.csv", [row for _, row in kraken_rows(30_000)])
        self.run_candled("import", file, database="whole.sqlite")
        for size_bytes in (1 << 20, 2 << 20):
            with self.subTest(size_bytes=size_bytes):
                self.assert_ends_with_one_line(file, size_bytes)
        self.imported(file)
        self.assertEqual(self.dump(), self.dump("whole.sqlite"))

    def test_import_of_candles(self):
        file = self.write("a.csv", [kline(minute) for minute in range(6_000)])
        self.run_candled("import", file, database="whole.sqlite")
        self.assert_ends_with_one_line(file, 1 << 20)
        self.imported(file)
        self.assertEqual(self.dump(), self.dump("whole.sqlite"))

    def test_backfill(self):
        exchange = self.exchange(speed=60, history="6h", extra=["--trades-per-minute", "120"])
        config = self.config(exchange)
        done = subprocess.run([BINARY, "--config", self.write_config(config), "--backfill", "5h"], capture_output=True, cwd=self.folder, text=True,
                              check=False, timeout=50 * SLOWNESS, preexec_fn=full_at(1 << 20))
        self.assertEqual(done.returncode, 1, done.stderr[-2000:])
        self.assertIn("history failed", done.stderr.splitlines()[-1])
        self.assertIn(os.path.basename(config["storage"]["path"]), done.stderr.splitlines()[-1])
        again = self.run_command(config, ["--backfill", "5h"])
        self.assertEqual(again.exit_code(), 0, again.err()[-2000:])
        self.assertEqual(again.rows.count("candles", "state = 'gap'"), 0)
        ids = again.rows.ids()
        self.assertEqual(ids, list(range(ids[0], ids[-1] + 1)))
