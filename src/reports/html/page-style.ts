/** The look of a page: one column that works on a wide screen, on a phone, in the dark and on paper. */
import { PICTURE_COLOURS, PICTURE_COLOURS_DARK, PICTURE_RULES } from "../svg/picture-style.js";

export const PAGE_STYLE = `
:root{color-scheme:light dark;${PICTURE_COLOURS};--link:#0b5591;--shade:0 1px 2px rgba(20,30,40,.08)}
@media screen and (prefers-color-scheme:dark){:root{${PICTURE_COLOURS_DARK};--link:#8cc7f5;--shade:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,main,footer{max-width:1128px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
footer{padding-bottom:48px;color:var(--soft);font-size:14px}
h1,h2,h3,p,figure,dl,table,ul,ol,pre{margin:0}
h1{font-size:32px;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere;text-wrap:balance;max-width:24em}
h2{font-size:21px;line-height:1.3;margin:48px 0 14px;padding-top:14px;border-top:1px solid var(--faint)}
h3{font-size:16px;line-height:1.4;display:inline;overflow-wrap:anywhere}
.kind{color:var(--soft);font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase;margin-bottom:6px}
.subtitle{color:var(--soft);margin-top:8px;overflow-wrap:anywhere}
.lead{font-size:18px;line-height:1.55;margin-top:24px;max-width:46em;overflow-wrap:anywhere}
.lead p+p{margin-top:6px}
.lead p:first-child{font-weight:600}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin-top:28px}
.figures.of-2{grid-template-columns:repeat(2,1fr)}.figures.of-3{grid-template-columns:repeat(3,1fr)}.figures.of-5{grid-template-columns:repeat(5,1fr)}.figures.of-6{grid-template-columns:repeat(6,1fr)}
.figures div{border:1px solid var(--faint);border-radius:8px;padding:12px 14px;box-shadow:var(--shade)}
.figures dt{color:var(--soft);font-size:13px}
.figures dd{margin:0;font-size:23px;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.figures .small{display:block;color:var(--soft);font-size:13px;font-weight:400;line-height:1.35}
nav{margin-top:24px;font-size:14px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;list-style:none}
nav li+li{margin-top:0}
a{color:var(--link);text-underline-offset:2px}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:12px;top:12px;background:var(--ground);padding:8px 12px;z-index:2}
section>p,section>ul,section>ol,details p,details ul,details ol{max-width:50em;overflow-wrap:anywhere}
section>*+*{margin-top:14px}
ul,ol{padding-left:1.4em}
li+li{margin-top:3px}
figure{margin-top:4px}
figcaption,caption{color:var(--soft);font-size:14px;text-align:left}
figcaption{margin-top:8px;max-width:56em}
caption{padding-bottom:8px;overflow-wrap:anywhere}
.scroll{overflow-x:auto;padding-bottom:2px}
.scroll .timeline,.scroll .ranking{display:block;width:100%;min-width:820px;height:auto}
.scroll .graph{display:block;height:auto;max-width:none;margin:0 auto}
.scroll .graph.fits{width:100%;min-width:900px}
.scroll .graph.small{max-width:100%}
table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.4}
th{text-align:left;color:var(--soft);font-weight:600;vertical-align:bottom;border-bottom:2px solid var(--faint);padding:6px 10px 6px 0}
td{vertical-align:top;border-bottom:1px solid var(--faint);padding:7px 10px 7px 0}
.w{overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
.r{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
td .small{display:block;color:var(--soft);font-size:13px}
.r .small{white-space:normal}
.long{display:block;max-height:9em;overflow:auto}
.state{display:inline-flex;align-items:center;gap:6px;font-weight:600}
.state::before{content:"";width:11px;height:11px;flex:none;border:1.5px solid var(--soft);border-radius:50%}
.state.down{color:var(--down)}
.state.down::before{border-color:var(--down);background:var(--down);border-radius:2px}
.state.degraded{color:var(--degraded)}
.state.degraded::before{border-color:var(--degraded);border-radius:2px;background:linear-gradient(to top,var(--degraded) 50%,transparent 50%)}
.state.at-risk{color:var(--risk)}
.state.at-risk::before{border-color:var(--risk);border-style:dashed}
th button{all:unset;cursor:pointer;color:inherit;font:inherit;padding:2px 0}
th button:focus-visible{outline:3px solid var(--link);outline-offset:2px}
th button::after{content:"\\2195";display:inline-block;width:1.1em;text-align:center;opacity:.55}
th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
.tools{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:end;margin-bottom:10px;font-size:14px}
.tools label{display:flex;flex-direction:column;gap:3px;color:var(--soft);font-size:13px}
.tools input,.tools select{font:inherit;font-size:15px;color:var(--ink);background:var(--ground);border:1px solid var(--soft);border-radius:6px;padding:6px 9px;min-height:38px;min-width:13em}
.tools .count{color:var(--soft);padding-bottom:9px}
.tools button{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--soft);border-radius:6px;padding:6px 12px;min-height:38px;cursor:pointer}
details{border-bottom:1px solid var(--faint);padding:9px 0}
details+details{margin-top:0}
summary{cursor:pointer;overflow-wrap:anywhere}
summary .small{color:var(--soft);font-size:14px;margin-left:8px}
.account{padding:8px 0 4px 18px;font-size:15px}
.account>*+*{margin-top:8px}
pre{background:var(--zebra);border:1px solid var(--faint);border-radius:8px;padding:12px 14px;font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
[hidden]{display:none!important}
@media screen and (max-width:720px){
header,main,footer{padding-left:16px;padding-right:16px}
header{padding-top:24px}
h1{font-size:25px}
.lead{font-size:17px}
.figures[class]{grid-template-columns:repeat(2,1fr)}
h2{margin-top:36px}
.cards,.cards tbody,.cards tr,.cards td,.cards caption{display:block;width:auto}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards tr{display:flex;flex-direction:column;border:1px solid var(--faint);border-radius:8px;padding:8px 12px;margin-bottom:10px}
.cards td{border:0;padding:3px 0;display:grid;grid-template-columns:8.5em 1fr;gap:10px;text-align:left;white-space:normal}
.cards td::before{content:attr(data-label);color:var(--soft)}
.cards td:empty{display:none}
.cards td.head{order:-1;display:block;font-size:16px;font-weight:600;padding-bottom:5px}
.cards td.head::before{content:none}
.cards td.head .small{font-weight:400}
.scroll:not(:has(.graph.small))+figcaption::before{content:"Scroll the picture sideways to see all of it. "}
.tools input,.tools select{min-width:0;width:100%}
.tools label{flex:1 1 9em}
}
@media print{
@page{margin:14mm}
body{font-size:10pt}
header,main,footer{max-width:none;padding:0}
header{padding-top:0}
nav,.tools,.skip{display:none}
h1{font-size:20pt}
h2{font-size:14pt;margin-top:22pt;break-after:avoid}
.lead{font-size:11pt}
.figures[class]{grid-template-columns:repeat(4,1fr);gap:6pt;break-inside:avoid}
.figures dd{font-size:15pt}
table{font-size:8pt}
tr,li,.figures div{break-inside:avoid}
caption{break-after:avoid}
thead{display:table-header-group;break-inside:avoid;break-after:avoid}
tbody tr:first-child,tbody tr:nth-child(2){break-before:avoid}
a{color:inherit;text-decoration:none}
.scroll{overflow:visible}
.scroll .picture[class]{width:auto;height:auto;min-width:0;max-width:100%;max-height:232mm;margin:0 auto}
figure{break-inside:avoid}
.long{max-height:none}
details::details-content{content-visibility:visible;display:block;height:auto;opacity:1}
.accounts{columns:2;column-gap:9mm}
.account{font-size:7.5pt;padding:3pt 0 2pt;line-height:1.4}
.account>*+*{margin-top:3pt}
details{padding:4pt 0}
h3{font-size:9pt}
td .small,summary .small{font-size:7pt}
.figures dt,.figures .small{font-size:8.5pt}
figcaption,caption{font-size:8.5pt}
td{padding-top:3pt;padding-bottom:3pt}
summary{list-style:none;font-weight:600;break-after:avoid}
th button{display:none}
th[data-title]::before{content:attr(data-title)}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
${PICTURE_RULES.trim()}
`;
