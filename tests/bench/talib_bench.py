#!/usr/bin/env python3
"""The 48 outputs of TA-Lib's golden file: ours, streaming, and TA-Lib's own code on the same candles in the same run.

    python3 -m venv v && v/bin/pip install TA-Lib numpy
    ninja -C build features_bench && v/bin/python tests/bench/talib_bench.py build/features_bench [CANDLES]

Prints nanoseconds of processor time a candle for both, each the best of nine rounds of three turns, and refuses to when the
two did not compute the same: within 1e-6 of each column's usual size (TA-Lib's running sums drift on long series).
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import talib

ROUNDS, TURNS, TOLERANCE = 9, 3, 1e-6
# Where prices stand still TA-Lib's rounding noise decides (0 / 0): such rows are made by the golden test, not by this market.


def outputs(opens, high, low, close, volume):
    """{name: values}, by the 41 calls of the golden file."""
    made = {}
    for n in (7, 20, 50):
        made[f"sma_{n}"] = talib.SMA(close, n)
    for n in (9, 12, 20, 26, 50):
        made[f"ema_{n}"] = talib.EMA(close, n)
    made["wma_20"], made["dema_20"], made["tema_20"] = talib.WMA(close, 20), talib.DEMA(close, 20), talib.TEMA(close, 20)
    made["kama_10"], made["rsi_7"], made["rsi_14"] = talib.KAMA(close, 10), talib.RSI(close, 7), talib.RSI(close, 14)
    made["macd_12_26_9"], made["macd_signal_12_26_9"], made["macd_hist_12_26_9"] = talib.MACD(close, 12, 26, 9)
    made["bb_upper_20_2"], made["bb_middle_20_2"], made["bb_lower_20_2"] = talib.BBANDS(close, 20, 2, 2)
    made["stoch_k_14_3_3"], made["stoch_d_14_3_3"] = talib.STOCH(high, low, close, 14, 3, 0, 3, 0)
    made["stochrsi_k_14_14_3"], made["stochrsi_d_14_14_3"] = talib.STOCHRSI(close, 14, 14, 3, 0)
    made["willr_14"], made["cci_20"] = talib.WILLR(high, low, close, 14), talib.CCI(high, low, close, 20)
    made["mfi_14"] = talib.MFI(high, low, close, volume, 14)
    made["adx_14"] = talib.ADX(high, low, close, 14)
    made["plus_di_14"], made["minus_di_14"] = talib.PLUS_DI(high, low, close, 14), talib.MINUS_DI(high, low, close, 14)
    made["sar_002_02"], made["atr_14"] = talib.SAR(high, low, 0.02, 0.2), talib.ATR(high, low, close, 14)
    made["natr_14"], made["trange"] = talib.NATR(high, low, close, 14), talib.TRANGE(high, low, close)
    made["obv"], made["ad"] = talib.OBV(close, volume), talib.AD(high, low, close, volume)
    made["adosc_3_10"] = talib.ADOSC(high, low, close, volume, 3, 10)
    made["roc_10"], made["mom_10"], made["trix_15"] = talib.ROC(close, 10), talib.MOM(close, 10), talib.TRIX(close, 15)
    made["aroon_down_25"], made["aroon_up_25"] = talib.AROON(high, low, 25)
    made["aroon_osc_25"], made["ultosc_7_14_28"] = talib.AROONOSC(high, low, 25), talib.ULTOSC(high, low, close, 7, 14, 28)
    made["ppo_12_26_ema"], made["cmo_14"] = talib.PPO(close, 12, 26, 1), talib.CMO(close, 14)
    made["stddev_20_1"], made["linreg_slope_14"] = talib.STDDEV(close, 20, 1), talib.LINEARREG_SLOPE(close, 14)
    return made


def require_same(names, ours, theirs):
    worst = (0.0, "")
    for column, name in enumerate(names):
        a, b = ours[:, column], theirs[name]
        if not numpy.array_equal(numpy.isnan(a), numpy.isnan(b)):
            raise SystemExit(f"{name}: known in other rows than TA-Lib's")
        both = ~numpy.isnan(a)
        usual = numpy.mean(numpy.abs(b[both]))
        worst = max(worst, (float(numpy.max(numpy.abs(a[both] - b[both])) / usual), name))
    if worst[0] > TOLERANCE:
        raise SystemExit(f"{worst[1]}: {worst[0]:.2g} of its usual size away from TA-Lib")
    print(f"{len(names)} columns agree; the furthest is {worst[1]}, by {worst[0]:.1g} of its usual size")


def main():
    bench, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([bench, str(count), "write", folder], check=True)
        candles = numpy.fromfile(Path(folder, "candles.f64")).reshape(-1, 5)
        names = Path(folder, "names.txt").read_text().split()
        ours = numpy.fromfile(Path(folder, "outputs.f64")).reshape(-1, len(names))
    columns = [numpy.ascontiguousarray(candles[:, i]) for i in range(5)]
    require_same(names, ours, outputs(*columns))
    best = {"candled": float("inf"), "TA-Lib": float("inf")}
    for _ in range(TURNS):
        said = subprocess.run([bench, str(count), "outputs"], check=True, capture_output=True, text=True).stdout
        best["candled"] = min(best["candled"], float(said.split(" ns per candle")[0].split()[-1]))
        for _ in range(ROUNDS):
            begin = time.process_time()
            outputs(*columns)
            best["TA-Lib"] = min(best["TA-Lib"], (time.process_time() - begin) / count * 1e9)
    print(f"{count} candles, {len(names)} outputs: candled {best['candled']:.0f} ns a candle (streaming), TA-Lib "
          f"{talib.__ta_version__.decode().split()[0]} {best['TA-Lib']:.0f} ns (arrays at once): "
          f"{best['candled'] / best['TA-Lib']:.2f} times TA-Lib's time")


main()
