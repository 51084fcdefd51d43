using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Imports;

/// <summary>A file while it is read: its lines, what is wrong with them, and what will become of each.</summary>
public sealed class ImportSheet
{
    readonly ImportFile file;
    readonly Dictionary<string, int> columns = [];

    readonly IReadOnlyDictionary<string, string[]> given;

    ImportSheet(ImportFile file, IReadOnlyDictionary<string, string[]> given) => (this.file, this.given) = (file, given);

    /// <summary>The lines below the heading.</summary>
    public IReadOnlyList<ImportLine> Lines { get; private set; } = [];

    /// <summary>The lot that all lines are for; null where each names one.</summary>
    public Guid? LotId => file.LotId;

    /// <summary>Where all lines hold; null for the whole city.</summary>
    public IReadOnlyList<Guid>? LotIds => file.LotIds;

    /// <summary>What is wrong with the file as a whole, so that nothing is said of its lines.</summary>
    public Error? Refused { get; set; }

    /// <summary>What the machines that are made sign in with.</summary>
    public List<MadeSecret> Secrets { get; } = [];

    /// <summary>Done when all is saved, to tell others.</summary>
    public Action? Saved { get; set; }

    internal bool Clears => file.Empty is EmptyCells.Clear;

    internal List<BadCell> Bad { get; } = [];

    internal List<ImportedRow> Rows { get; } = [];

    internal Dictionary<object, int> Seen { get; } = [];

    /// <summary>All that is written in a column, and the names that are read so, each once.</summary>
    public string[] Named(ImportColumn column)
    {
        var written = Lines.Select(l => l[column]).Where(t => t.Length > 0).Distinct().ToList();
        return [.. written.Concat(written.SelectMany(ReadAs)).Distinct()];
    }

    /// <summary>The names that readers of some language see as this one.</summary>
    public IReadOnlyList<string> ReadAs(string text) => given.GetValueOrDefault(text, []);

    /// <summary>What a name stands for: what was given it, else the only thing that is read so.</summary>
    /// <param name="field">The column's.</param>
    /// <param name="byName">The thing that was given a name, if any.</param>
    /// <returns>That; or <see cref="UnknownName"/> or <see cref="AmbiguousName"/>.</returns>
    public Result<T> Find<T>(string field, string text, Func<string, T?> byName) where T : class =>
        byName(text) is { } thing ? thing
        : ReadAs(text).Select(byName).OfType<T>().ToList() is not [var first, .. var others] ? new UnknownName(field, text)
        : others.Count > 0 ? new AmbiguousName(field, text)
        : first;

    internal int? IndexOf(string field) => columns.TryGetValue(field, out var i) ? i : null;

    internal bool IsCalled(string text, string key) => file.Words(key).Contains(text, StringComparer.OrdinalIgnoreCase);

    bool Heads(ImportColumn column, string text) => IsCalled(text, column.Title) || column.Also.Contains(text);

    /// <summary>The place of a cell, the column from 0: <c>C7</c>.</summary>
    internal static string CellName(int column, int line)
    {
        var letters = "";
        for (var i = column; i >= 0; i = i / 26 - 1)
            letters = (char)('A' + i % 26) + letters;
        return $"{letters}{line}";
    }

    /// <summary>Reads the heading and parts the lines.</summary>
    internal static Result<ImportSheet> Open(ImportFile file, TableImport import, IReadOnlyDictionary<string, string[]> given)
    {
        var known = import.Columns;
        if (string.IsNullOrWhiteSpace(file.Text))
            return new InvalidField(nameof(file.Text), "required");
        if (file.Text.Length > TableImport.MaxLength)
            return new FileTooLarge();
        if (!TextTable.Read(file.Text, comments: import.Bare).Try(out var rows, out var unread))
            return unread;
        // A template explains itself right below its heading. Further down, what begins with # is somebody's name.
        rows.RemoveRange(Math.Min(1, rows.Count), rows.Skip(1).TakeWhile(r => r[0].StartsWith("# ", StringComparison.Ordinal)).Count());
        var sheet = new ImportSheet(file, given);
        // Without a heading the columns are in their order.
        if (import.Bare && rows.Count > 0 && !rows[0].Cells.Any(c => known.Any(k => sheet.Heads(k, c))))
            rows.Insert(0, new(0, [.. known.Select(c => file.Words(c.Title)[0])]));
        if (rows.Count > import.MaxRows + 1)
            return new TooManyRows(import.MaxRows);
        if (rows.Count < 2)
            return new NoRows();
        sheet.ReadHeading(rows[0], known);
        if (sheet.columns.Count == 0)
            return new HeadingMissing(new([.. known.Select(c => c.Title)]));
        foreach (var row in rows.Skip(1))
            for (var i = 0; i < row.Cells.Count; i++)
                if (row[i].Length > 0 && rows[0][i].Length == 0)
                    sheet.Bad.Add(new(CellName(i, row.Line), new NoHeading(row[i])));
        if (sheet.Bad.Count > 0)
            return new BadCells(sheet.Bad);
        var missing = known.Where(c => c.Required && sheet.IndexOf(c.Field) is null && !(c == ImportColumn.Lot && file.LotId is not null)).ToList();
        if (missing.Count > 0)
            return new MissingColumns(new([.. missing.Select(c => c.Title)]));
        sheet.Lines = [.. rows.Skip(1).Select(r => new ImportLine(sheet, r))];
        return sheet;
    }

    void ReadHeading(TableRow heading, IReadOnlyList<ImportColumn> known)
    {
        for (var i = 0; i < heading.Cells.Count; i++)
        {
            if (heading[i].Length == 0)
                continue;
            var column = known.FirstOrDefault(c => Heads(c, heading[i]));
            if (column is null)
                Bad.Add(new(CellName(i, heading.Line), new UnknownColumn(heading[i], new([.. known.Select(c => c.Title)]))));
            else if (!columns.TryAdd(column.Field, i))
                Bad.Add(new(CellName(i, heading.Line), new RepeatedColumn(heading[i])));
        }
    }
}
