// The look of a backtest's page: light, dark and printed. Its charts take the colours of these properties (web/src/chart/colors.ts).
#pragma once

namespace candled::report {

constexpr const char* report_style = R"css(
:root{--page:#f3f5f8;--surface:#ffffff;--text:#151a21;--muted:#55606e;--border:#d5dbe3;--grid:#e6eaef;--accent:#0b5cad;--up:#087443;--down:#b8222f;--gap:#a85a00;--quiet:#7d8fa6;
--warn:#8a4b00;--warn-faint:#fdf1e0;--line-1:#0b5cad;--line-2:#a8480b;--line-3:#6d3cb4;--line-4:#00746f;--line-5:#a61d6b;--line-6:#5d6400;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--page:#0d1117;--surface:#161b22;--text:#e6ebf1;--muted:#9dabbb;--border:#2b333d;--grid:#232a33;--accent:#6cb2ff;--up:#3fbf85;--down:#ff7b7b;
--gap:#f0a13a;--quiet:#71839a;--warn:#f0a13a;--warn-faint:#33260f;--line-1:#6cb2ff;--line-2:#ffa261;--line-3:#c39bff;--line-4:#45cfc4;--line-5:#ff8ac4;--line-6:#c8d05a}}
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
.curves{height:300px}.curves.tall{height:360px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 0;font-variant-numeric:tabular-nums}.legend i{display:inline-block;width:14px;height:0;border-top:3px solid;margin-right:6px;vertical-align:middle}
.legend .line-dashed{border-top-style:dashed}.legend .line-dotted{border-top-style:dotted}
figure{margin:0}.calibration{max-width:26rem}.calibration figcaption,.why caption{color:var(--muted);text-align:left}
.calibration svg{width:100%;font-size:8px;fill:var(--muted)}
.plot-frame{fill:none;stroke:var(--border)}.plot-ideal{stroke:var(--muted);stroke-dasharray:3 3}.plot-line{fill:none;stroke:var(--accent);stroke-width:1.5}.plot-dot{fill:var(--accent)}
.bars{display:flex;align-items:flex-end;height:160px;border-bottom:1px solid var(--muted);margin-top:4px}.bars>div{flex:1;height:100%;display:flex;align-items:flex-end;padding:0 .5px}
.bars>div:hover{background:var(--grid)}.bars i{display:block;width:100%;background:var(--accent);opacity:.85}.ends{display:flex;justify-content:space-between;color:var(--muted);font-size:13px}
.why td:nth-child(2){width:45%}.why td,.why th{font-weight:400}.bar{display:block;background:var(--grid);height:.6rem;border-radius:2px;overflow:hidden}.bar-fill{display:block;height:100%;background:var(--accent)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:12px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;margin:8px 0 0}
@media(max-width:640px){main{padding:16px 10px 32px}section{padding:14px 12px}dl{grid-template-columns:1fr}dd{margin-bottom:6px}.curves,.curves.tall{height:240px}}
@media print{:root{--page:#fff;--text:#000;--muted:#444;--border:#bbb;--grid:#ddd}
body{font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}section{break-inside:avoid;border:0;padding:0;margin:0 0 14px}
th,td{padding:2px 6px}@page{margin:14mm}}
)css";

}  // namespace candled::report
