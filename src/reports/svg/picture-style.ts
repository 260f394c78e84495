/**
 * Colours and lines of the pictures, for the page and for SVG files of their own. The colours are from
 * Okabe and Ito's palette for all kinds of colour vision, darkened or lightened until text on them has
 * enough contrast; nothing is told by colour alone.
 */
export const PICTURE_COLOURS = `
--ink:#1b1f24;--soft:#4d5763;--faint:#dfe3e8;--ground:#ffffff;--zebra:#f5f7f9;
--down:#b3400a;--down-soft:#fbe9df;--degraded:#8a6100;--degraded-ground:#f6d98b;--degraded-soft:#fdf4d9;
--risk:#0a62a3;--risk-soft:#e3f0fa;--calm:#2f6f4f;--bar:#0a62a3`;

export const PICTURE_COLOURS_DARK = `
--ink:#e8ebee;--soft:#aab4bf;--faint:#3a424c;--ground:#14181d;--zebra:#1b2027;
--down:#ff8f57;--down-soft:#3d2013;--degraded:#f0c14b;--degraded-ground:#5c4a12;--degraded-soft:#322a10;
--risk:#6cb8f0;--risk-soft:#122b3d;--calm:#7bc8a0;--bar:#6cb8f0`;

export const PICTURE_RULES = `
.picture{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px}
.picture text{fill:var(--ink)}
.picture .tick{stroke:var(--faint);stroke-width:1}
.picture .tick-label,.picture .legend-label,.picture .node-state{fill:var(--soft);font-size:11px}
.picture .tick-label{stroke:var(--ground);stroke-width:5px;stroke-linejoin:round;paint-order:stroke}
.picture .zebra{fill:var(--zebra)}
.picture .down{fill:var(--down)}
.picture rect.degraded{stroke:var(--degraded);stroke-width:1}
.picture .hatch-ground{fill:var(--degraded-ground)}
.picture .hatch-line{fill:var(--degraded)}
.picture line.at-risk{stroke:var(--risk);stroke-width:3;stroke-dasharray:2 3}
.picture .open-down,.picture .open-degraded,.picture .open-at-risk{fill:var(--ink)}
.picture .mark-line{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}
.picture .mark-dot{fill:var(--ground);stroke:var(--soft);stroke-width:1.5}
.picture .mark-fault .mark-dot{fill:var(--down-soft);stroke:var(--down)}
.picture .mark-fault .mark-line{stroke:var(--down)}
.picture .mark-number{font-size:10px;font-weight:600}
.picture .box{fill:var(--ground);stroke:var(--soft);stroke-width:1}
.picture .behind{fill:var(--zebra);stroke:var(--soft);stroke-width:1}
.picture .outer{fill:none;stroke:var(--down);stroke-width:1.5}
.picture .node.down .box{fill:var(--down-soft);stroke:var(--down);stroke-width:2.5}
.picture .node.degraded .box{fill:var(--degraded-soft);stroke:var(--degraded);stroke-width:1.5;stroke-dasharray:6 3}
.picture .node.at-risk .box{fill:var(--risk-soft);stroke:var(--risk);stroke-width:1.5;stroke-dasharray:2 3}
.picture .node-name{font-weight:600}
.picture .edge .line{fill:none;stroke:var(--soft);stroke-width:1;opacity:.55}
.picture .edge .arrow{fill:var(--soft);opacity:.7}
.picture .edge.start .line{stroke-dasharray:5 3}
.picture .edge.carried .line{stroke:var(--down);stroke-width:2.2;opacity:1}
.picture .edge.carried .arrow{fill:var(--down);opacity:1}
.picture .ranked{fill:var(--bar)}
.picture .before{fill:none;stroke:var(--soft);stroke-width:1}
.picture .value{fill:var(--soft)}`;
