// The look of a backtest's report: light, dark and printed.
#pragma once

namespace candled::report {

constexpr const char* report_style = R"css(
:root{--page:#f3f5f8;--surface:#fff;--text:#151a21;--muted:#55606e;--border:#d5dbe3;--grid:#e6eaef;--up:#087443;--down:#b8222f;--warn:#8a4b00;--warn-faint:#fdf1e0;
--c0:#0b5cad;--c1:#a8480b;--c2:#6d3cb4;--c3:#00746f;--c4:#a61d6b;--c5:#5d6400;--c6:#7d8fa6;--c7:#3b3f46;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--surface:#161b22;--text:#e6ebf1;--muted:#9dabbb;--border:#2b333d;--grid:#232a33;--up:#3fbf85;--down:#ff7b7b;
--warn:#f0a13a;--warn-faint:#33260f;--c0:#6cb2ff;--c1:#ffa261;--c2:#c39bff;--c3:#45cfc4;--c4:#ff8ac4;--c5:#c8d05a;--c6:#8d9db3;--c7:#c9d1da}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:0 0 10px}h3{font-size:15px;margin:18px 0 6px}
.muted,.legend{color:var(--muted)}.sub{color:var(--muted);margin:0 0 16px}
section{background:var(--surface);border:1px solid var(--border);border-radius:8px;padding:18px 20px;margin:0 0 18px}
.warn{background:var(--warn-faint);color:var(--warn);border:1px solid currentColor;border-radius:8px;padding:10px 16px;margin:0 0 12px;font-weight:600}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:4px 10px;text-align:right;border-bottom:1px solid var(--grid);white-space:nowrap}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid var(--border)}
td.in{padding-left:24px;color:var(--muted)}.scroll{overflow-x:auto}
.up{color:var(--up)}.down{color:var(--down)}
svg{display:block;width:100%;height:auto}
svg text{font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--muted)}svg .label{fill:var(--text)}
.grid{stroke:var(--grid);stroke-width:1}.zero{stroke:var(--muted);stroke-width:1}.ideal{stroke:var(--muted);stroke-dasharray:5 4}
.line{fill:none;stroke-width:1.6;stroke-linejoin:round}.area{stroke:none!important;opacity:.12}
.c0{stroke:var(--c0)}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}.c4{stroke:var(--c4)}.c5{stroke:var(--c5)}.c6{stroke:var(--c6)}.c7{stroke:var(--c7)}
.area.c0,.dot.c0,.f0{fill:var(--c0)}.area.c1,.dot.c1,.f1{fill:var(--c1)}.area.c2,.dot.c2,.f2{fill:var(--c2)}.area.c3,.dot.c3,.f3{fill:var(--c3)}
.area.c4,.dot.c4,.f4{fill:var(--c4)}.area.c5,.dot.c5,.f5{fill:var(--c5)}.area.c6,.dot.c6,.f6{fill:var(--c6)}.area.c7,.dot.c7,.f7{fill:var(--c7)}
.b0{background:var(--c0)}.b1{background:var(--c1)}.b2{background:var(--c2)}.b3{background:var(--c3)}.b4{background:var(--c4)}.b5{background:var(--c5)}.b6{background:var(--c6)}.b7{background:var(--c7)}
.buy{fill:var(--up)}.sell{fill:var(--down)}.bar{opacity:.8}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 6px}.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;margin:8px 0 0}
@media print{:root{--page:#fff;--surface:#fff;--text:#000;--muted:#444;--border:#bbb;--grid:#ddd;--up:#087443;--down:#b8222f;--warn:#8a4b00;--warn-faint:#fff;
--c0:#0b5cad;--c1:#a8480b;--c2:#6d3cb4;--c3:#00746f;--c4:#a61d6b;--c5:#5d6400;--c6:#7d8fa6;--c7:#3b3f46}
body{font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}section{break-inside:avoid;border:0;padding:0;margin:0 0 14px}
th,td{padding:2px 6px}details>*{display:block}@page{margin:14mm}}
)css";

}  // namespace candled::report
