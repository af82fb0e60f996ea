"""Models: trained by hand and by the daemon, promoted and rolled back while it runs, refused where they are not sound."""

import json
import shutil
import signal
import sqlite3
import time
from pathlib import Path

import harness

SOON = {"enabled": True, "minimum_candles": 120, "every": "15m", "window": "1d", "promote": "always"}


class ModelsTest(harness.Case):
    def json_of(self, config, arguments, code=0):
        command = self.run_command(config, [*arguments, "--json"])
        self.assertEqual(command.exit_code(), code, command.err())
        return json.loads(command.out())

    def refused(self, config, arguments, *words, code=1):
        """One line on standard error that holds the words."""
        command = self.run_command(config, arguments)
        self.assertEqual(command.exit_code(), code, command.out())
        lines = [line for line in command.err().splitlines() if line.startswith("candled:")]
        self.assertEqual(len(lines), 1, command.err())
        for word in words:
            self.assertIn(word, lines[0])

    def history(self, hours=6):
        """A config whose database holds some hours of a simulated market, and no daemon on it any more."""
        exchange = self.exchange(speed=600, history=f"{hours}h", length=f"{hours * 60 + 5}m")
        config = self.config(exchange)
        daemon = self.daemon(config)
        daemon.wait_for("candles", lambda: daemon.rows.count("candles") > hours * 60 - 5)
        self.assertEqual(daemon.stop(), 0)
        return config

    def test_train_compare_promote_roll_back_and_prune_without_a_daemon(self):
        config = self.history()
        first = self.json_of(config, ["train"])
        self.assertTrue(first["promoted"])
        self.assertEqual(first["comparison"], None)
        self.assertIn("accuracy_interval", first["metrics"])
        again = self.json_of(config, ["train", "--kind", "forest", "--promote", "manual"])
        self.assertFalse(again["promoted"])
        self.assertEqual(again["kind"], "forest")
        listed = {one["model"]: one["alias"] for one in self.json_of(config, ["models", "list"])["models"]}
        self.assertEqual(listed, {first["model"]: "champion", again["model"]: "challenger"})
        compared = self.json_of(config, ["models", "compare", "champion", "challenger"])
        self.assertAlmostEqual(compared["gain"], compared["first_log_loss"] - compared["second_log_loss"], 9)
        self.assertEqual(self.json_of(config, ["models", "promote", "challenger"])["champion"], again["model"])
        self.assertEqual(self.json_of(config, ["models", "rollback"])["champion"], first["model"])
        self.refused(config, ["models", "rollback"], "no champion before")
        shown = self.json_of(config, ["models", "show", "champion"])
        self.assertEqual(shown["card"]["name"], first["model"])
        self.assertIn("edge", self.run_command(config, ["models", "show", first["model"]]).out())
        with sqlite3.connect(config["storage"]["path"]) as database:
            why = [row[0] for row in database.execute("SELECT why FROM promotions")]
            self.assertEqual(why[1:], ["promoted by hand", "rolled back by hand"])
        third = self.json_of(config, ["train", "--promote", "manual"])["model"]
        pruned = self.json_of(config, ["models", "prune", "--keep", "0"])
        self.assertEqual(pruned["pruned"], [], "champions and the challenger stay")
        elsewhere = {**config, "storage": {"path": str(self.folder / "mistyped.sqlite")}}
        self.refused(elsewhere, ["models", "prune", "--keep", "0"], "there is no database")
        self.assertTrue((Path(config["model"]["directory"]) / third).is_dir())

    def test_same_rows_and_seed_give_the_same_model(self):
        config = self.history()
        one = self.json_of(config, ["train", "--promote", "manual"])
        two = self.json_of(config, ["train", "--promote", "manual"])
        digests = {one["sha256"] for one in self.json_of(config, ["models", "list"])["models"]}
        self.assertNotEqual(one["model"], two["model"])
        self.assertEqual(len(digests), 1)

    def test_what_cannot_be_trained_is_one_line_and_leaves_nothing(self):
        config = self.history(2)
        self.refused({**config, "training": {"minimum_candles": 5000}}, ["train"], "too few rows")
        self.refused(config, ["train", "--market", "kraken:ETH/USD"], "ETH/USD")
        self.assertEqual(self.run_command(config, ["train", "--horizon", "90s"]).exit_code(), 2)
        self.assertEqual(self.run_command(config, ["train", "--kind", "oracle"]).exit_code(), 2)
        self.assertEqual(self.run_command(config, ["train", "--window", "10m", "--horizon", "10m"]).exit_code(), 2)
        unwritable = {**config, "model": {**config["model"], "directory": "/proc/models"}, "training": {"minimum_candles": 50}}
        self.refused(unwritable, ["train", "--window", "2h"], "/proc/models")
        with sqlite3.connect(config["storage"]["path"]) as database:
            database.execute("UPDATE candle SET close = open_time")
        self.refused(config, ["train", "--window", "100m", "--horizon", "1m"], "")
        self.assertFalse(Path(config["model"]["directory"]).exists())

    def test_tune_goes_on_where_it_stopped_and_applies(self):
        config = self.history()
        first = self.json_of(config, ["tune", "--trials", "3"])
        self.assertEqual(first["report"]["trials"], 3)
        applied = self.folder / "tuned.toml"
        applied.write_text("# mine\n[training]\nfolds = 3\n\n[model]\nseed = 4\ndepth = 9\n")
        second = self.json_of(config, ["tune", "--trials", "4", "--apply", str(applied)])
        self.assertEqual((second["report"]["trials"], second["rows"]), (4, first["rows"]))
        best = {one["name"]: one["value"] for one in second["report"]["best"]["parameters"]}
        text = applied.read_text()
        self.assertIn("# mine\n[training]\nfolds = 3\n", text)
        self.assertIn("seed = 4", text)
        self.assertIn(f"depth = {int(best['depth'])}\n", text)
        self.assertNotIn("depth = 9", text)
        with sqlite3.connect(config["storage"]["path"]) as database:
            self.assertEqual(database.execute("SELECT count(*) FROM trials").fetchone()[0], 4)
        self.assertEqual(self.json_of(config, ["tune", "--trials", "2", "--aim", "net_return", "--strategy", "dynamic"])["report"]["trials"], 2)
        self.refused(config, ["tune", "--trials", "2", "--aim", "net_return", "--strategy", "nobody"], "nobody", "dynamic", code=2)
        self.refused(config, ["tune", "--trials", "2", "--apply", str(self.folder)], "is a folder", code=2)

    def test_promote_and_roll_back_on_a_running_daemon(self):
        exchange = self.exchange(speed=120, history="4h")
        config = self.config(exchange, training=SOON)
        daemon = self.daemon(config)
        champion = lambda: daemon.rows.one("SELECT model FROM models WHERE alias = 'champion'")
        daemon.wait_for("three trainings", lambda: daemon.rows.count("models") >= 3, 60)
        daemon.stop()
        streamed = daemon.rows.count("trades", "source = 'stream'")
        # From here on only by hand, so that nothing comes in between.
        config = {**config, "training": {**SOON, "every": "30d"}}
        daemon = self.daemon(config)
        daemon.wait_for("live trades", lambda: daemon.rows.count("trades", "source = 'stream'") > streamed + 50)
        before = champion()
        oldest = daemon.rows.one("SELECT min(model) FROM models")
        asked = self.json_of(config, ["models", "promote", oldest])
        self.assertTrue(asked["daemon"])
        self.assertLess(asked["seconds"], 1.0 * harness.SLOWNESS)
        self.assertEqual(champion(), oldest)
        daemon.wait_for("a prediction of it", lambda: daemon.rows.count("predictions", f"model = '{oldest}'") > 0)
        back = self.json_of(config, ["models", "rollback"])
        self.assertEqual(back["champion"], before)
        self.assertLess(back["seconds"], 1.0 * harness.SLOWNESS)
        trained = self.json_of(config, ["train", "--promote", "manual"])
        self.assertEqual(daemon.rows.one("SELECT model FROM models WHERE alias = 'challenger'"), trained["model"])
        tuned = self.json_of(config, ["tune", "--trials", "1", "--window", "3h"])
        self.assertIn(".tuning.sqlite", tuned["file"])

        # What is not sound is refused, and the running model stays.
        hostile = Path(config["model"]["directory"]) / "20200101_000000"
        shutil.copytree(Path(config["model"]["directory"]) / before, hostile)
        (hostile / "model.ubj").write_bytes(b"{" * 1000)
        self.refused(config, ["models", "promote", hostile.name], "20200101_000000")
        request = Path(config["storage"]["path"] + ".request")
        request.write_text("promote ../../etc\n")
        daemon.send(signal.SIGHUP)
        daemon.wait_for("the request to be looked at", lambda: not request.exists())
        time.sleep(0.2)
        self.assertEqual(champion(), before)

        daemon.wait_for("contributions", lambda: daemon.rows.count("predictions", "contributions IS NOT NULL") > 0)
        why = json.loads(daemon.rows.one("SELECT contributions FROM predictions WHERE contributions IS NOT NULL ORDER BY open_time DESC LIMIT 1"))
        self.assertLessEqual(len(why), 5)
        self.assertEqual(sorted(why[0]), ["contribution", "feature", "value"])
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.rows.count("candles", "state = 'gap'"), 0, "no event was lost")
        self.assertEqual(daemon.rows.count("gaps"), 0)

    def test_a_model_that_is_too_old_opens_nothing(self):
        exchange = self.exchange(speed=300, history="5h")
        # A fifth of the window lies between what it learned and its training: an hour here.
        config = self.config(exchange, training={**SOON, "every": "30d", "maximum_age": "1m", "window": "5h"},
                             strategy=[{"name": "eager", "kind": "threshold", "enter": 0.01, "leave": 0.005}])
        daemon = self.daemon(config)
        daemon.wait_for("expired predictions", lambda: daemon.rows.count("predictions", "expired") > 5, 60)
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(daemon.rows.count("fills", "strategy = 'eager'"), 0)
        self.assertEqual(len([line for line in daemon.err().splitlines() if "too old to open positions" in line]), 1)
