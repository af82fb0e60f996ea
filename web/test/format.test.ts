import assert from "node:assert/strict";
import test from "node:test";
import * as numbers from "../src/format/numbers.ts";
import * as times from "../src/format/times.ts";

function check<T>(name: string, show: (value: T) => string, cases: [T, string][]): void {
  test(name, () => {
    for (const [value, text] of cases) assert.equal(show(value), text, `${name}(${String(value)})`);
  });
}

type Maybe = number | null | undefined;
check<Maybe>("price", numbers.price, [
  [64123.4, "64,123.4"],
  [101.5, "101.50"],
  [1.23456, "1.2346"],
  [0.000123456, "0.00012346"],
  [0, "0.00"],
  [null, "–"],
  [undefined, "–"],
]);
check<Maybe>("money", numbers.money, [
  [10000, "10,000.00"],
  [-3.456, "−3.46"],
  [Number.NaN, "–"],
]);
check<Maybe>("signedMoney", numbers.signedMoney, [
  [12.3, "+12.30"],
  [-12.3, "−12.30"],
  [0, "0.00"],
  [-0.001, "0.00"],
  [null, "–"],
]);
check<Maybe>("quantity", numbers.quantity, [
  [0, "0"],
  [0.12345678, "0.12346"],
  [1234.5678, "1,234.568"],
]);
check<Maybe>("percent", numbers.percent, [
  [0.5432, "54.3 %"],
  [1, "100.0 %"],
  [null, "–"],
]);
check<Maybe>("signedPercent", numbers.signedPercent, [
  [0.0123, "+1.23 %"],
  [-0.5, "−50.00 %"],
  [-0.00001, "0.00 %"],
]);
check<Maybe>("figure", numbers.figure, [
  [0, "0"],
  [12.34567, "12.346"],
  [0.0000123, "1.23e−5"],
  [-1.5, "−1.5"],
]);
check<Maybe>("bytes", numbers.bytes, [
  [999, "999 B"],
  [1500, "1.5 kB"],
  [2_340_000_000, "2.3 GB"],
  [null, "–"],
]);

test("interval", () => {
  const show = (value: number) => value.toFixed(2);
  assert.equal(numbers.interval([0.1, 0.25], show), "0.10 to 0.25");
  assert.equal(numbers.interval([null, 0.25], show), "–");
  assert.equal(numbers.interval(undefined, show), "–");
});

test("plural", () => {
  assert.equal(numbers.plural(1, "gap"), "1 gap");
  assert.equal(numbers.plural(1200, "gap"), "1,200 gaps");
});

check<number | null>("span", times.span, [
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [3600, "1 h"],
  [3660, "1 h 1 min"],
  [90_000, "1 d 1 h"],
  [86_400, "1 d"],
  [null, "–"],
]);
check<number | null>("moment", (time) => times.moment(time, "utc"), [
  [0, "1970-01-01 00:00 UTC"],
  [1735689661, "2025-01-01 00:01 UTC"],
  [null, "–"],
]);
check<number | null>("exactMoment", (time) => times.exactMoment(time, "utc"), [
  [1735689661, "2025-01-01 00:01:01 UTC"],
]);

test("seconds reads ISO times to the nanosecond", () => {
  assert.equal(times.seconds("2025-01-01T00:01:00Z"), 1735689660);
  assert.equal(times.seconds("2025-01-01T00:01:00.123456789Z"), 1735689660.123);
  assert.equal(times.seconds("nonsense"), null);
  assert.equal(times.seconds(null), null);
});

test("ago", () => {
  assert.equal(times.ago(100, 100.5), "just now");
  assert.equal(times.ago(100, 165), "1 min ago");
});
