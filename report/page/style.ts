/** The style sheet. Colours are named once for light, once for dark, once for paper; charts use the names. */
export const STYLE = `
:root{
--paper:#f6f5f2;--card:#fff;--ink:#1c1b22;--ink-soft:#5d5b68;--rule:#e4e2dc;--axis:#b9b6c0;--grid:#eceae6;--track:#efedf3;
--main:#5b47d6;--second:#d9731a;--bad:#c22f4e;--good:#1f7a4d;--focus:#5b47d6;--link:#4a37c0;
--mast:#1e1836;--mast-ink:#fff;--mast-soft:#c9c3ea;--fact:#ece9fb;--head:#f3f1ee;
color-scheme:light;
}
@media (prefers-color-scheme:dark){:root{
--paper:#121117;--card:#1b1a22;--ink:#f0eff5;--ink-soft:#aeabbd;--rule:#302e3b;--axis:#5a5769;--grid:#292733;--track:#2a2836;
--main:#9d8dff;--second:#f0a04b;--bad:#ff7d94;--good:#5fd39b;--focus:#b9adff;--link:#b9adff;
--mast:#17142a;--mast-ink:#fff;--mast-soft:#bdb6e6;--fact:#2c2650;--head:#24222d;
color-scheme:dark;
}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Open Sans","Noto Sans","Liberation Sans",Arial,sans-serif;font-feature-settings:"kern","liga"}
.page{max-width:1240px;margin-inline:auto;padding-inline:max(16px,min(4vw,40px))}
h1,h2,h3,p{margin:0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
.visually-hidden{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:8px;padding:8px 14px;background:var(--card);z-index:3;border-radius:6px}
.skip:focus{left:8px}
.masthead{background:var(--mast);background-image:radial-gradient(900px 320px at 85% -20%,#6f5be055,transparent);color:var(--mast-ink);padding-block:44px 38px}
.eyebrow{font-size:.8rem;font-weight:600;letter-spacing:.12em;text-transform:uppercase;color:var(--mast-soft)}
h1{font-size:clamp(2rem,1.4rem + 2.4vw,3.1rem);line-height:1.1;letter-spacing:-.025em;font-weight:700;margin-top:8px}
.period{font-size:clamp(1.05rem,1rem + .4vw,1.3rem);margin-top:10px}
.made{font-size:.88rem;color:var(--mast-soft);margin-top:4px;overflow-wrap:anywhere}
.sections{position:sticky;top:0;z-index:2;background:var(--card);border-bottom:1px solid var(--rule)}
.sections ul{list-style:none;margin-block:0;display:flex;gap:4px 22px;overflow-x:auto;scrollbar-width:none}
.sections a{display:block;padding:12px 0;font-size:.92rem;font-weight:550;color:var(--ink-soft);text-decoration:none;white-space:nowrap}
.sections a:hover{color:var(--link)}
.figures{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:1px;margin:28px 0 0;background:var(--card);border:1px solid var(--rule);border-radius:14px;overflow:hidden}
.figures>div{outline:1px solid var(--rule);padding:18px 20px}
.figures dt{font-size:.86rem;color:var(--ink-soft);font-weight:550}
.figures dd{margin:2px 0 0}
.value{display:block;font-size:1.9rem;line-height:1.2;font-weight:680;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.of{display:block;font-size:.82rem;color:var(--ink-soft)}
section[id]{scroll-margin-top:56px}
h2{font-size:1.5rem;letter-spacing:-.015em;line-height:1.2;margin:52px 0 16px}
.cards{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:20px}
.card{margin:0;min-width:0;background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:22px 24px 16px;display:flex;flex-direction:column}
.wide{grid-column:1/-1}
h3{font-size:1.08rem;line-height:1.35;letter-spacing:-.005em}
.finding{color:var(--ink-soft);font-size:.95rem;margin:2px 0 14px;overflow-wrap:anywhere}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin:-4px 0 10px;padding:0;font-size:.86rem;color:var(--ink-soft)}
.legend li{display:flex;align-items:center;gap:7px}
.swatch{width:12px;height:12px;border-radius:3px}
.chart{flex:1}
.at{display:none}
.at svg{display:block;width:100%;height:auto;max-width:640px}
.at svg text,.diagram text{font-family:inherit}
.large svg{max-width:none}
.medium{display:block}
.three .medium{display:none}
.three .large{display:block}
.note{font-size:.82rem;color:var(--ink-soft);margin-top:8px}
.behind{margin-top:12px;border-top:1px solid var(--rule);padding-top:6px;font-size:.88rem}
summary{cursor:pointer;color:var(--link);padding:4px 0;font-weight:550;width:max-content;max-width:100%}
.scroll{overflow:auto;max-height:70vh;margin-top:8px}
.whole{max-height:none}
table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
th{position:sticky;top:0;background:var(--head);text-align:left;font-weight:600;white-space:nowrap}
th,td{padding:7px 12px;border-bottom:1px solid var(--rule);vertical-align:top}
.number{text-align:right}
td:not(.number){max-width:44ch}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:14px 24px;margin:4px 0 8px}
.facts dt{font-size:.82rem;color:var(--ink-soft)}
.facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.checks{list-style:none;margin:0 0 8px;padding:0;columns:2;column-gap:24px;font-size:.92rem}
.checks li{break-inside:avoid;padding:4px 0;display:flex;gap:9px;overflow-wrap:anywhere}
.passed>span:first-child{color:var(--good);font-weight:700}
.warned>span:first-child{color:var(--bad);font-weight:700;padding-inline:4px}
.diagram{display:block;max-width:none;margin-inline:auto}
.diagram .line{fill:none;stroke:var(--axis);stroke-width:1.4}
.diagram .many,.diagram .one{fill:none;stroke:var(--ink-soft);stroke-width:1.6}
.diagram text{font-size:13px;fill:var(--ink)}
.diagram .box{fill:var(--card);stroke:var(--axis)}
.diagram .head{fill:var(--head);stroke:var(--axis)}
.diagram .fact .head{fill:var(--fact)}
.diagram .name,.diagram .key{font-weight:650}
.diagram .mark{font-size:10px;font-weight:600;fill:var(--link)}
.diagram .type,.diagram .rows{fill:var(--ink-soft);text-anchor:end;font-size:11.5px}
.diagram .node rect{fill:var(--card);stroke:var(--axis)}
.diagram .source rect{stroke-dasharray:4 3}
.diagram .star rect{fill:var(--fact);stroke:var(--main)}
.diagram .view rect{fill:var(--head)}
.diagram .note{fill:var(--ink-soft);font-size:11.5px}
footer{margin-top:48px;padding-block:20px 56px;color:var(--ink-soft);font-size:.86rem}
@media (max-width:1100px){.figures{grid-template-columns:repeat(3,minmax(0,1fr))}}
@media (max-width:980px){
.cards{grid-template-columns:minmax(0,1fr)}
.three .large{display:none}
.three .medium{display:block}
}
@media (max-width:520px){
.card{padding:18px 16px 12px}
.figures{grid-template-columns:repeat(2,minmax(0,1fr))}
.figures>div{padding:14px}
.value{font-size:1.5rem}
.medium,.three .medium{display:none}
.small,.three .small{display:block}
.checks{columns:1}
}
@media print{
:root{--paper:#fff;--card:#fff;--ink:#000;--ink-soft:#444;--rule:#ccc;--axis:#999;--grid:#e6e6e6;--track:#eee;--main:#4a37c0;--second:#c25e06;--bad:#b0203f;--good:#14633b;--mast:#fff;--mast-ink:#000;--mast-soft:#444;--fact:#e9e6fb;--head:#f2f2f2;--link:#000;color-scheme:light}
body{font-size:11pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.masthead{background-image:none;padding-block:0 8px}
.sections,.behind,.skip{display:none}
.card,.figures{break-inside:avoid;border-radius:6px}
.scroll{overflow:visible;max-height:none}
.diagram{max-width:100%;height:auto}
h2{break-after:avoid;margin-top:24px}
@page{margin:14mm}
}
`.trim();
