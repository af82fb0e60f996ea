-- Version 2 of the schema as main made it from 8d274ef on (2026-11-21), with a few rows.
CREATE TABLE market (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, interval_ns INTEGER NOT NULL);
CREATE TABLE strategy (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);

CREATE TABLE trade (market INTEGER NOT NULL, trade_id INTEGER NOT NULL, time INTEGER NOT NULL, received INTEGER NOT NULL,
  price INTEGER NOT NULL, quantity INTEGER NOT NULL, side INTEGER NOT NULL, source INTEGER NOT NULL, order_type INTEGER NOT NULL,
  late INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (market, trade_id)) WITHOUT ROWID;

CREATE TABLE tick (sequence INTEGER PRIMARY KEY, market INTEGER NOT NULL, time INTEGER NOT NULL, received INTEGER NOT NULL);
CREATE TABLE hole (market INTEGER NOT NULL, first_missing_id INTEGER NOT NULL, last_missing_id INTEGER NOT NULL,
  detected INTEGER NOT NULL, proven_until INTEGER NOT NULL, filled INTEGER, sequence INTEGER NOT NULL, PRIMARY KEY (market, first_missing_id)) WITHOUT ROWID;
CREATE TABLE revision_due (market INTEGER PRIMARY KEY, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
CREATE TABLE takeover (sequence INTEGER PRIMARY KEY, model TEXT NOT NULL);

CREATE TABLE feature_list (hash TEXT PRIMARY KEY, names TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feature (market INTEGER NOT NULL, open_time INTEGER NOT NULL, hash TEXT NOT NULL, row BLOB NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE prediction (market INTEGER NOT NULL, open_time INTEGER NOT NULL, horizon INTEGER NOT NULL, probability_up REAL NOT NULL,
  signal INTEGER NOT NULL, model TEXT NOT NULL, stale INTEGER NOT NULL, sequence INTEGER NOT NULL,
  expired INTEGER NOT NULL DEFAULT 0, contributions TEXT, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE fill (strategy INTEGER NOT NULL, market INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,
  decided_on INTEGER NOT NULL, side INTEGER NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, fee INTEGER NOT NULL,
  reason INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (strategy, market, number)) WITHOUT ROWID;
CREATE TABLE equity_point (strategy INTEGER NOT NULL, market INTEGER NOT NULL, time INTEGER NOT NULL, cash INTEGER NOT NULL,
  position INTEGER NOT NULL, price INTEGER NOT NULL, equity INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (strategy, market, time)) WITHOUT ROWID;

CREATE TABLE model (name TEXT PRIMARY KEY, kind TEXT NOT NULL, created INTEGER NOT NULL, trained_from INTEGER NOT NULL,
  trained_to INTEGER NOT NULL, accuracy REAL, f1 REAL, precision REAL, recall REAL, metrics TEXT NOT NULL,
  sha256 TEXT NOT NULL, feature_hash TEXT NOT NULL, sequence INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE model_alias (alias TEXT PRIMARY KEY, model TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE checkpoint (station TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE stream (id INTEGER PRIMARY KEY CHECK (id = 1), last_sequence INTEGER NOT NULL, checkpoint_sequence INTEGER NOT NULL);
INSERT INTO stream VALUES (1, 0, 0);
CREATE TABLE candle (market INTEGER NOT NULL, open_time INTEGER NOT NULL, open INTEGER NOT NULL, high INTEGER NOT NULL,
  low INTEGER NOT NULL, close INTEGER NOT NULL, volume INTEGER NOT NULL, buy_volume INTEGER, trades INTEGER,
  state INTEGER NOT NULL, revision INTEGER NOT NULL, buy_trades INTEGER, up_ticks INTEGER, down_ticks INTEGER, largest INTEGER,
  turnover INTEGER, longest_pause INTEGER, closed INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, version TEXT NOT NULL, config TEXT NOT NULL, rebuilt TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pause (sequence INTEGER PRIMARY KEY, paused INTEGER NOT NULL, asked INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS promotion (id INTEGER PRIMARY KEY, model TEXT NOT NULL, decided INTEGER NOT NULL, why TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS feature_rows (market INTEGER PRIMARY KEY, hash TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS trade_numbering (market INTEGER PRIMARY KEY, numbering TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS record_bounds (market INTEGER PRIMARY KEY, complete_from INTEGER, trades_pruned_before INTEGER, features_pruned_before INTEGER);
CREATE TABLE IF NOT EXISTS book_fact (market INTEGER NOT NULL, open_time INTEGER NOT NULL, updates INTEGER NOT NULL, whole INTEGER NOT NULL,
  late INTEGER NOT NULL, best_bid INTEGER NOT NULL, bid_quantity INTEGER NOT NULL, best_ask INTEGER NOT NULL,
  ask_quantity INTEGER NOT NULL, spread_mean REAL NOT NULL, imbalance_1 REAL NOT NULL, imbalance_5 REAL NOT NULL,
  imbalance_10 REAL NOT NULL, imbalance_1_mean REAL NOT NULL, imbalance_5_mean REAL NOT NULL, imbalance_10_mean REAL NOT NULL,
  order_flow_1 REAL NOT NULL, order_flow_5 REAL NOT NULL, order_flow_10 REAL NOT NULL, levels BLOB NOT NULL,
  sequence INTEGER NOT NULL, PRIMARY KEY (market, open_time)) WITHOUT ROWID;
CREATE TABLE paper_order (strategy INTEGER NOT NULL, market INTEGER NOT NULL, number INTEGER NOT NULL, decided_on INTEGER NOT NULL,
  active_from INTEGER NOT NULL, ended INTEGER NOT NULL, side INTEGER NOT NULL, reason INTEGER NOT NULL, limit_price INTEGER,
  spend INTEGER NOT NULL, quantity INTEGER NOT NULL, filled INTEGER NOT NULL, outcome INTEGER NOT NULL, sequence INTEGER NOT NULL,
  PRIMARY KEY (strategy, market, decided_on)) WITHOUT ROWID;
CREATE VIEW trades AS SELECT m.name AS market, t.trade_id,
  strftime('%Y-%m-%dT%H:%M:%S', t.time / 1000000000, 'unixepoch') || printf('.%06dZ', t.time / 1000 % 1000000) AS time,
  t.price / 1e10 AS price, t.quantity / 1e8 AS quantity,
  CASE t.side WHEN 0 THEN 'buy' WHEN 1 THEN 'sell' END AS side,
  CASE t.source WHEN 0 THEN 'stream' WHEN 1 THEN 'rest' ELSE 'import' END AS source, t.late,
  strftime('%Y-%m-%dT%H:%M:%S', t.received / 1000000000, 'unixepoch') || printf('.%06dZ', t.received / 1000 % 1000000) AS received
  FROM trade t JOIN market m ON m.id = t.market;

CREATE VIEW candles AS SELECT m.name AS market,
  CASE WHEN m.interval_ns % 86400000000000 = 0 THEN (m.interval_ns / 86400000000000) || 'd'
       WHEN m.interval_ns % 3600000000000 = 0 THEN (m.interval_ns / 3600000000000) || 'h'
       WHEN m.interval_ns % 60000000000 = 0 THEN (m.interval_ns / 60000000000) || 'm'
       ELSE (m.interval_ns / 1000000000) || 's' END AS interval,
  strftime('%Y-%m-%dT%H:%M:%SZ', c.open_time / 1000000000, 'unixepoch') AS open_time,
  CASE WHEN c.close > 0 THEN c.open / 1e10 END AS open, CASE WHEN c.close > 0 THEN c.high / 1e10 END AS high,
  CASE WHEN c.close > 0 THEN c.low / 1e10 END AS low, CASE WHEN c.close > 0 THEN c.close / 1e10 END AS close,
  c.volume / 1e8 AS volume, c.buy_volume / 1e8 AS buy_volume, c.trades,
  CASE c.state WHEN 0 THEN 'traded' WHEN 1 THEN 'quiet' ELSE 'gap' END AS state, c.revision,
  c.buy_trades, c.up_ticks, c.down_ticks, c.largest / 1e8 AS largest, c.turnover / 1e8 AS turnover, c.longest_pause / 1e9 AS longest_pause_s
  FROM candle c JOIN market m ON m.id = c.market;

CREATE VIEW predictions AS SELECT m.name AS market,
  strftime('%Y-%m-%dT%H:%M:%SZ', p.open_time / 1000000000, 'unixepoch') AS open_time,
  CASE WHEN p.horizon % 60000000000 = 0 THEN (p.horizon / 60000000000) || 'm' ELSE (p.horizon / 1000000000) || 's' END AS horizon,
  p.probability_up, CASE p.signal WHEN 1 THEN 'buy' WHEN 2 THEN 'sell' ELSE 'hold' END AS signal, p.model,
  CASE WHEN c.state < 2 AND later.state < 2 THEN later.close > c.close END AS outcome, p.stale,
  p.contributions, p.expired FROM prediction p JOIN market m ON m.id = p.market
  LEFT JOIN candle c ON c.market = p.market AND c.open_time = p.open_time
  LEFT JOIN candle later ON later.market = p.market AND later.open_time = p.open_time + p.horizon;

CREATE VIEW fills AS SELECT s.name AS strategy, m.name AS market, f.number,
  strftime('%Y-%m-%dT%H:%M:%S', f.time / 1000000000, 'unixepoch') || printf('.%06dZ', f.time / 1000 % 1000000) AS time,
  CASE f.side WHEN 0 THEN 'buy' ELSE 'sell' END AS side, f.quantity / 1e8 AS quantity, f.price / 1e10 AS price, f.fee / 1e8 AS fee,
  CASE f.reason WHEN 0 THEN 'signal' WHEN 1 THEN 'rest of position' WHEN 2 THEN 'limit' WHEN 3 THEN 'stop loss'
  WHEN 4 THEN 'take profit' WHEN 5 THEN 'trailing stop' ELSE 'drawdown' END AS reason
  FROM fill f JOIN market m ON m.id = f.market JOIN strategy s ON s.id = f.strategy;

CREATE VIEW equity AS SELECT s.name AS strategy, m.name AS market,
  strftime('%Y-%m-%dT%H:%M:%SZ', e.time / 1000000000, 'unixepoch') AS time,
  e.cash / 1e8 AS cash, e.position / 1e8 AS position, e.price / 1e10 AS price, e.equity / 1e8 AS equity
  FROM equity_point e JOIN market m ON m.id = e.market JOIN strategy s ON s.id = e.strategy;

CREATE VIEW models AS SELECT o.name AS model, o.kind,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.created / 1000000000, 'unixepoch') AS created,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.trained_from / 1000000000, 'unixepoch') AS trained_from,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.trained_to / 1000000000, 'unixepoch') AS trained_to,
  a.alias, o.accuracy, o.f1, o.precision, o.recall, o.metrics
  FROM model o LEFT JOIN model_alias a ON a.model = o.name;

CREATE VIEW promotions AS SELECT p.model,
  CASE WHEN p.decided > 0 THEN strftime('%Y-%m-%dT%H:%M:%SZ', p.decided / 1000000000, 'unixepoch') END AS decided, p.why FROM promotion p ORDER BY p.id;

CREATE VIEW pauses AS SELECT p.sequence,
  strftime('%Y-%m-%dT%H:%M:%SZ', p.asked / 1000000000, 'unixepoch') AS asked, p.paused FROM pause p;

CREATE VIEW gaps AS SELECT m.name AS market, h.first_missing_id, h.last_missing_id,
  strftime('%Y-%m-%dT%H:%M:%SZ', h.detected / 1000000000, 'unixepoch') AS detected,
  strftime('%Y-%m-%dT%H:%M:%SZ', h.filled / 1000000000, 'unixepoch') AS filled
  FROM hole h JOIN market m ON m.id = h.market;
CREATE VIEW books AS SELECT m.name AS market, strftime('%Y-%m-%dT%H:%M:%SZ', b.open_time / 1000000000, 'unixepoch') AS open_time,
  b.best_bid / 1e10 AS best_bid, b.bid_quantity / 1e8 AS bid_quantity, b.best_ask / 1e10 AS best_ask, b.ask_quantity / 1e8 AS ask_quantity,
  2.0 * (b.best_ask - b.best_bid) / (b.best_ask + b.best_bid) AS spread, b.spread_mean, b.imbalance_1, b.imbalance_5, b.imbalance_10,
  b.imbalance_1_mean, b.imbalance_5_mean, b.imbalance_10_mean, b.order_flow_1, b.order_flow_5, b.order_flow_10, b.updates, b.whole, b.late
  FROM book_fact b JOIN market m ON m.id = b.market;
CREATE VIEW orders AS SELECT s.name AS strategy, m.name AS market, o.number,
  strftime('%Y-%m-%dT%H:%M:%SZ', o.decided_on / 1000000000, 'unixepoch') AS decided_on,
  strftime('%Y-%m-%dT%H:%M:%S', o.active_from / 1000000000, 'unixepoch') || printf('.%06dZ', o.active_from / 1000 % 1000000) AS active_from,
  strftime('%Y-%m-%dT%H:%M:%S', o.ended / 1000000000, 'unixepoch') || printf('.%06dZ', o.ended / 1000 % 1000000) AS ended,
  CASE o.side WHEN 0 THEN 'buy' ELSE 'sell' END AS side, CASE WHEN o.limit_price IS NULL THEN 'market' ELSE 'limit' END AS type,
  CASE o.reason WHEN 3 THEN 'stop loss' WHEN 4 THEN 'take profit' WHEN 5 THEN 'trailing stop' WHEN 6 THEN 'drawdown' ELSE 'signal' END
  AS reason, o.limit_price / 1e10 AS limit_price, o.spend / 1e8 AS spend, o.quantity / 1e8 AS quantity, o.filled / 1e8 AS filled,
  CASE o.outcome WHEN 0 THEN 'filled' WHEN 1 THEN 'partly filled' WHEN 2 THEN 'replaced' WHEN 3 THEN 'cancelled' ELSE 'rejected' END
  AS outcome, CASE o.outcome WHEN 4 THEN 'below minimum' WHEN 5 THEN 'no liquidity' WHEN 6 THEN 'would take' WHEN 7 THEN 'beyond numbers' END
  AS rejection
  FROM paper_order o JOIN market m ON m.id = o.market JOIN strategy s ON s.id = o.strategy;
CREATE TABLE IF NOT EXISTS backtest (name TEXT PRIMARY KEY, created INTEGER NOT NULL, version TEXT NOT NULL, market TEXT NOT NULL,
  interval_ns INTEGER NOT NULL, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL, model TEXT NOT NULL, in_sample INTEGER NOT NULL,
  candles_only INTEGER NOT NULL, gap_share REAL NOT NULL, config TEXT NOT NULL, report TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_strategy (backtest TEXT NOT NULL, position INTEGER NOT NULL, strategy TEXT NOT NULL, kind TEXT NOT NULL,
  total_return REAL, return_low REAL, return_high REAL, annualised_return REAL, volatility REAL, sharpe REAL, sortino REAL, calmar REAL,
  maximum_drawdown REAL, win_rate REAL, profit_factor REAL, exposure REAL, turnover REAL, fees REAL, last_equity REAL,
  trades INTEGER NOT NULL, fills INTEGER NOT NULL, PRIMARY KEY (backtest, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_fill (backtest TEXT NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL,
  decided_on INTEGER NOT NULL, side INTEGER NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, fee INTEGER NOT NULL,
  reason INTEGER NOT NULL, PRIMARY KEY (backtest, position, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS backtest_equity (backtest TEXT NOT NULL, position INTEGER NOT NULL, time INTEGER NOT NULL, cash INTEGER NOT NULL,
  quantity INTEGER NOT NULL, price INTEGER NOT NULL, equity INTEGER NOT NULL, PRIMARY KEY (backtest, position, time)) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS backtests AS SELECT b.name AS backtest, s.strategy, s.kind, b.market,
  strftime('%Y-%m-%dT%H:%M:%SZ', b.from_time / 1000000000, 'unixepoch') AS from_time,
  strftime('%Y-%m-%dT%H:%M:%SZ', b.to_time / 1000000000, 'unixepoch') AS to_time,
  b.model, b.in_sample, b.candles_only, b.gap_share, s.total_return, s.return_low, s.return_high, s.annualised_return, s.volatility, s.sharpe,
  s.sortino, s.calmar, s.maximum_drawdown, s.trades, s.fills, s.win_rate, s.profit_factor, s.exposure, s.turnover, s.fees, s.last_equity,
  strftime('%Y-%m-%dT%H:%M:%SZ', b.created / 1000000000, 'unixepoch') AS created
  FROM backtest b JOIN backtest_strategy s ON s.backtest = b.name;

INSERT INTO market (id, name, interval_ns) VALUES (1, 'kraken:BTC/USD', 60000000000);
INSERT INTO market (id, name, interval_ns) VALUES (2, 'kraken:ETH/USD', 60000000000);
INSERT INTO strategy (id, name, kind) VALUES (1, 'calm', 'balanced');
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 1, 1740000020000000000, 1740000020000000005, 1001000000000, 10000000, 1, 1, 2, 0, 1);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 2, 1740000040000000000, 1740000040000000005, 1002000000000, 20000000, 0, 2, 1, 0, 2);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 3, 1740000060000000000, 1740000060000000005, 1003000000000, 30000000, 1, 0, 2, 0, 3);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 4, 1740000080000000000, 1740000080000000005, 1004000000000, 40000000, 0, 1, 1, 0, 4);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 5, 1740000100000000000, 1740000100000000005, 1005000000000, 50000000, 1, 2, 2, 0, 5);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 6, 1740000120000000000, 1740000120000000005, 1006000000000, 60000000, 0, 0, 1, 0, 6);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (1, 7, 1740000140000000000, 1740000140000000005, 1007000000000, 70000000, 1, 1, 2, 0, 7);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 1, 1740000020000000000, 1740000020000000005, 1001000000000, 10000000, 1, 1, 2, 0, 1);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 2, 1740000040000000000, 1740000040000000005, 1002000000000, 20000000, 0, 2, 1, 0, 2);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 3, 1740000060000000000, 1740000060000000005, 1003000000000, 30000000, 1, 0, 2, 0, 3);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 4, 1740000080000000000, 1740000080000000005, 1004000000000, 40000000, 0, 1, 1, 0, 4);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 5, 1740000100000000000, 1740000100000000005, 1005000000000, 50000000, 1, 2, 2, 0, 5);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 6, 1740000120000000000, 1740000120000000005, 1006000000000, 60000000, 0, 0, 1, 0, 6);
INSERT INTO trade (market, trade_id, time, received, price, quantity, side, source, order_type, late, sequence) VALUES (2, 7, 1740000140000000000, 1740000140000000005, 1007000000000, 70000000, 1, 1, 2, 0, 7);
INSERT INTO tick (sequence, market, time, received) VALUES (8, 1, 1740000180000000000, 1740000180000000009);
INSERT INTO hole (market, first_missing_id, last_missing_id, detected, proven_until, filled, sequence) VALUES (1, 100, 103, 1740000060000000000, 1740000059999999999, NULL, 7);
INSERT INTO revision_due (market, from_time, to_time) VALUES (1, 1740000000000000000, 1740000060000000000);
INSERT INTO takeover (sequence, model) VALUES (2, '20250219_000000');
INSERT INTO takeover (sequence, model) VALUES (5, '20250219_010000');
INSERT INTO feature_list (hash, names) VALUES ('abc', 'a,b');
INSERT INTO feature (market, open_time, hash, row, sequence) VALUES (1, 1740000000000000000, 'abc', X'000000000000F03F000000000000F03F', 4);
INSERT INTO prediction (market, open_time, horizon, probability_up, signal, model, stale, sequence, expired, contributions) VALUES (1, 1740000000000000000, 60000000000, 0.625, 1, '20250219_000000', 0, 4, 0, NULL);
INSERT INTO fill (strategy, market, number, time, decided_on, side, quantity, price, fee, reason, sequence) VALUES (1, 1, 1, 1740000060000000000, 1740000000000000000, 0, 10000000, 1000000000000, 4000000, 0, 5);
INSERT INTO equity_point (strategy, market, time, cash, position, price, equity, sequence) VALUES (1, 1, 1740000060000000000, -1000000000, 100000000, 1000000000000, 9000000000, 5);
INSERT INTO model (name, kind, created, trained_from, trained_to, accuracy, f1, precision, recall, metrics, sha256, feature_hash, sequence) VALUES ('20250219_000000', 'gbdt', 1740000000000000000, 1739999400000000000, 1740000000000000000, 0.53, 0.5, 0.5, 0.5, '{"n":12}', '00', 'abc', 2);
INSERT INTO model_alias (alias, model) VALUES ('champion', '20250219_000000');
INSERT INTO checkpoint (station, state) VALUES ('candles kraken:BTC/USD', X'010203');
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (1, 1740000000000000000, 1000000000000, 1000000000005, 999999999995, 1000000000000, 0, 0, 1, 0, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000060000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (1, 1740000060000000000, 1000000000000, 1000000000005, 999999999995, 1000000000001, 100000000, 10000000, 2, 0, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000120000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (1, 1740000120000000000, 1000000000000, 1000000000005, 999999999995, 1000000000002, 200000000, 20000000, 3, 0, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000180000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (1, 1740000180000000000, 1000000000000, 1000000000005, 999999999995, 1000000000003, 300000000, 30000000, 4, 2, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000240000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (2, 1740000000000000000, 1000000000000, 1000000000005, 999999999995, 1000000000000, 0, 0, 1, 0, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000060000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (2, 1740000060000000000, 1000000000000, 1000000000005, 999999999995, 1000000000001, 100000000, 10000000, 2, 0, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000120000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (2, 1740000120000000000, 1000000000000, 1000000000005, 999999999995, 1000000000002, 200000000, 20000000, 3, 0, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000180000000077, 4);
INSERT INTO candle (market, open_time, open, high, low, close, volume, buy_volume, trades, state, revision, buy_trades, up_ticks, down_ticks, largest, turnover, longest_pause, closed, sequence) VALUES (2, 1740000180000000000, 1000000000000, 1000000000005, 999999999995, 1000000000003, 300000000, 30000000, 4, 2, 0, 1, 1, 0, 10000000, 1000000000, 5000000000, 1740000240000000077, 4);
INSERT INTO run (id, sequence, version, config, rebuilt) VALUES (1, 0, '0.1.0', '[features]
', '');
INSERT INTO pause (sequence, paused, asked) VALUES (6, 1, 1740000060000000000);
INSERT INTO promotion (id, model, decided, why, sequence) VALUES (1, '20250219_000000', 1740000000000000000, 'the first', 2);
INSERT INTO feature_rows (market, hash) VALUES (1, 'abc');
INSERT INTO trade_numbering (market, numbering) VALUES (2, 'aggregate');
INSERT INTO record_bounds (market, complete_from, trades_pruned_before, features_pruned_before) VALUES (1, 1740000000000000000, 1739999940000000000, NULL);
INSERT INTO book_fact (market, open_time, updates, whole, late, best_bid, bid_quantity, best_ask, ask_quantity, spread_mean, imbalance_1, imbalance_5, imbalance_10, imbalance_1_mean, imbalance_5_mean, imbalance_10_mean, order_flow_1, order_flow_5, order_flow_10, levels, sequence) VALUES (1, 1740000000000000000, 5, 1, 0, 1000000000000, 100000000, 1000000000010, 100000000, 0.1, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 1.0, 2.0, 3.0, X'0000000000000000', 4);
INSERT INTO paper_order (strategy, market, number, decided_on, active_from, ended, side, reason, limit_price, spend, quantity, filled, outcome, sequence) VALUES (1, 1, 1, 1740000000000000000, 1740000000000000001, 1740000060000000000, 0, 2, 1000000000000, 1000000000, 10000000, 10000000, 0, 5);
INSERT INTO backtest (name, created, version, market, interval_ns, from_time, to_time, model, in_sample, candles_only, gap_share, config, report) VALUES ('20250219_000001', 1740000000000000000, '0.1.0', 'kraken:BTC/USD', 60000000000, 1740000000000000000, 1740000540000000000, 'walk-forward', 0, 0, 0.0, '{}', '{}');
INSERT INTO backtest_strategy (backtest, position, strategy, kind, total_return, trades, fills) VALUES ('20250219_000001', 0, 'calm', 'balanced', 0.1, 1, 2);
INSERT INTO backtest_fill (backtest, position, number, time, decided_on, side, quantity, price, fee, reason) VALUES ('20250219_000001', 0, 1, 1740000000000000000, 1740000000000000000, 0, 1, 1, 0, 0);
INSERT INTO backtest_equity (backtest, position, time, cash, quantity, price, equity) VALUES ('20250219_000001', 0, 1740000000000000000, 1, 1, 1, 2);
UPDATE stream SET last_sequence = 8, checkpoint_sequence = 8;
PRAGMA application_id = 1667329636; PRAGMA user_version = 2;
