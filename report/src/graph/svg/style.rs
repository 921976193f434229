//! Colors, widths and patterns.

/// Light first; what a dark page needs comes after it. Sizes of text are those that were measured.
pub(super) const STYLE: &str = "\
 <style>
  text { font-family: system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif; font-size: 12px; fill: #1c2128; unicode-bidi: isolate; }
  .title { font-size: 17px; font-weight: bold; }
  .strong { font-weight: bold; }
  .small { font-size: 11px; }
  .muted, .heading { fill: #57606a; }
  .heading { font-weight: bold; }
  .end { text-anchor: end; }
  .page { fill: #ffffff; }
  .card { fill: #f6f8fa; stroke: #8c959f; stroke-width: 1; }
  .lapsed .card { stroke-dasharray: 2 3; fill: #ffffff; }
  .short .card { stroke: #b84a00; stroke-width: 2; stroke-dasharray: 7 3; }
  .rule { stroke: #d0d7de; stroke-width: 1; }
  .right { fill: none; stroke: #a0a9b3; stroke-width: 1; }
  .lapsed .right { stroke-dasharray: 2 4; }
  .flow { fill: none; stroke: #0072b2; stroke-width: 3; stroke-linecap: round; }
  .mark { fill: #ffffff; stroke: #6e7781; stroke-width: 1.2; }
  .arrow { fill: #8c959f; }
  .arrow.on { fill: #0072b2; }
  .pill { fill: #0072b2; stroke: #ffffff; stroke-width: 1.5; }
  .in-pill { fill: #ffffff; font-size: 11px; font-weight: bold; }
  .shape-in-pill { fill: #ffffff; }
  .bar { fill: #ffffff; stroke: #8c959f; stroke-width: 1; }
  .part-used { fill: #0072b2; }
  .part-bad { fill: url(#licit-hatch); stroke: #b84a00; stroke-width: 1; }
  .hatch-ground { fill: #ffe6d5; }
  .hatch-line { stroke: #b84a00; stroke-width: 2; }
  .badge { fill: #b84a00; }
  .in-badge { fill: #ffffff; font-size: 11px; font-weight: bold; text-anchor: middle; }
  .icon { fill: none; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .red { stroke: #b84a00; } .yellow { stroke: #946200; } .green { stroke: #00755a; } .inactive { stroke: #57606a; }
  .word-red { fill: #b84a00; font-weight: bold; } .word-yellow { fill: #805500; } .word-green { fill: #00664e; }
  .rail:hover .right { stroke: #1c2128; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
   text { fill: #e6edf3; }
   .muted, .heading { fill: #9aa5b1; }
   .page { fill: #0d1117; }
   .card { fill: #161b22; stroke: #6e7681; }
   .lapsed .card { fill: #0d1117; }
   .short .card { stroke: #ff9b57; }
   .rule { stroke: #30363d; }
   .right { stroke: #566069; }
   .flow { stroke: #56b4e9; }
   .mark { fill: #0d1117; stroke: #8b949e; }
   .arrow { fill: #6e7681; }
   .arrow.on { fill: #56b4e9; }
   .pill { fill: #56b4e9; stroke: #0d1117; }
   .in-pill, .shape-in-pill { fill: #06121c; }
   .bar { fill: #0d1117; stroke: #6e7681; }
   .part-used { fill: #56b4e9; }
   .part-bad { stroke: #ff9b57; }
   .hatch-ground { fill: #3a1d0a; }
   .hatch-line { stroke: #ff9b57; }
   .badge { fill: #ff9b57; }
   .in-badge { fill: #1a0d03; }
   .red { stroke: #ff9b57; } .yellow { stroke: #f0c64a; } .green { stroke: #3fc9a0; } .inactive { stroke: #9aa5b1; }
   .word-red { fill: #ff9b57; } .word-yellow { fill: #f0c64a; } .word-green { fill: #3fc9a0; }
   .rail:hover .right { stroke: #e6edf3; }
  }
 </style>
";

/// Hatching for what is uncovered or unusable.
pub(super) const PATTERNS: &str = "\
 <defs>
  <pattern id=\"licit-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">
   <rect class=\"hatch-ground\" width=\"6\" height=\"6\"/>
   <line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/>
  </pattern>
 </defs>
";
