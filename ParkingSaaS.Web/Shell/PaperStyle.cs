namespace ParkingSaaS.Web.Shell;

/// <summary>How reports look on paper. It stands in the page, as the printer gets no other file.</summary>
static class PaperStyle
{
    /// <summary>CSS. The fonts are the server's own; Chromium embeds what it uses.</summary>
    public const string Text = """
        @page { size: A4; margin: 15mm 14mm; }
        body { font: 10pt/1.4 "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", "Droid Sans Fallback", sans-serif; color: #111; margin: 0; }
        h1 { font-size: 16pt; margin: 0; } h2 { font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid; }
        header p { margin: 1mm 0; } .printed { color: #666; font-size: 8pt; }
        table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
        th, td { padding: 1.2mm 2mm; border-bottom: .2mm solid #bbb; text-align: left; }
        thead th { border-bottom: .4mm solid #333; } tfoot td { border-top: .4mm solid #333; border-bottom: 0; font-weight: bold; }
        tfoot { display: table-row-group; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .chart { margin: 5mm 0; break-inside: avoid; } .chart svg { width: 100%; }
        .chart-grid { stroke: #ddd; } .chart-axis { stroke: #333; } .chart-tick, .chart-label { font-size: 11px; fill: #444; }
        .series-0 { fill: #0b5cad; background: #0b5cad; } .series-1 { fill: #e08a00; background: #e08a00; } .series-2 { fill: #6b7886; background: #6b7886; }
        .series-3 { fill: #7b4fb5; background: #7b4fb5; } .series-4 { fill: #2a9da0; background: #2a9da0; }
        figcaption span { margin-right: 5mm; } figcaption i { display: inline-block; width: 3mm; height: 3mm; margin-right: 1mm; }
        * { print-color-adjust: exact; }
        """;
}
