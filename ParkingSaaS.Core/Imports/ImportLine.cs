using System.Globalization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Imports;

/// <summary>A row of a file while it is read. What is wrong with it is kept with its cell, and reading goes on.</summary>
/// <param name="sheet">The file.</param>
/// <param name="row">The row.</param>
public sealed class ImportLine(ImportSheet sheet, TableRow row)
{
    readonly HashSet<string> wrong = [];

    /// <summary>Nothing wrong was found in it yet.</summary>
    public bool Ok => wrong.Count == 0;

    /// <summary>What it is about is not there yet, so that required columns must be filled in.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>What is written in a column; empty where nothing is.</summary>
    public string this[ImportColumn column] => sheet.IndexOf(column.Field) is { } i ? row[i] : "";

    /// <summary>The cell of that field is wrong; of a cell that is wrong already nothing more is said.</summary>
    /// <param name="field">A column's; the whole line where the file has none such.</param>
    public void Wrong(string field, Error problem)
    {
        if (wrong.Add(field))
            sheet.Bad.Add(new(ImportSheet.CellName(sheet.IndexOf(field) ?? 0, row.Line), problem));
    }

    /// <summary>The cells that an error names are wrong, each for what is said of its own.</summary>
    public void Wrong(InvalidField problem)
    {
        foreach (var one in problem.All)
            Wrong(one.Field, one with { More = [] });
    }

    /// <summary>Nothing wrong was found in that field's cell yet.</summary>
    public bool IsOk(ImportColumn column) => !wrong.Contains(column.Field);

    /// <summary>What the line is about, by its name; null for what is new, which <see cref="IsNew"/> says, and where several are read so.</summary>
    /// <param name="byName">The thing that was given a name, if any.</param>
    public T? About<T>(ImportColumn column, Func<string, T?> byName) where T : class
    {
        IsNew = !sheet.Find(column.Field, this[column], byName).Try(out var thing, out var problem);
        if (problem is AmbiguousName)
            Wrong(column.Field, problem);
        return thing;
    }

    /// <summary>Says that the cell which makes a thing what it is stands in an earlier line as well, if it does.</summary>
    /// <param name="key">What no two lines may share.</param>
    public void Once(ImportColumn column, object key)
    {
        if (!sheet.Seen.TryAdd(key, row.Line))
            Wrong(column.Field, new RepeatedLine(this[column], sheet.Seen[key]));
    }

    /// <summary>A cell's value.</summary>
    /// <param name="before">What is there; for what is new, what is taken where nothing is written.</param>
    /// <param name="none">What is there once it was cleared.</param>
    /// <param name="read">Reads what is written; never an empty text.</param>
    public T Read<T>(ImportColumn column, T before, T none, Func<string, Result<T>> read)
    {
        if (this[column] is { Length: > 0 } text)
        {
            if (read(text).Try(out var value, out var problem))
                return value;
            Wrong(column.Field, problem);
        }
        else if (column.Required && IsNew)
            Wrong(new InvalidField(column.Field, "required"));
        else if (!column.Required && !IsNew && sheet.Clears && sheet.IndexOf(column.Field) is not null)
            return none;
        return before;
    }

    /// <summary>A cell's text.</summary>
    public string Text(ImportColumn column, string before) => Read(column, before, "", text => text);

    /// <summary>A cell's number, which has a decimal point if any.</summary>
    public double? Number(ImportColumn column, double? before) => Read<double?>(column, before, null, text =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : new NoNumber(column.Field, text));

    /// <summary>A cell's whole number.</summary>
    public int Whole(ImportColumn column, int before) => Read(column, before, before, text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : new NoNumber(column.Field, text));

    /// <summary>A cell's day.</summary>
    public DateOnly? Day(ImportColumn column, DateOnly? before) => Read<DateOnly?>(column, before, null, text =>
        TextTable.TryDay(text, out var day) ? day : new InvalidField(column.Field, "invalid"));

    /// <summary>One of a column's codes, whether it is written so or in a language of the screens.</summary>
    public string Choose(ImportColumn column, string before) => Read(column, before, before, text =>
        column.Codes.FirstOrDefault(c => sheet.IsCalled(text, column.Prefix + c) || c.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } code
            ? code : new NotOneOf(column.Field, text, new([.. column.Codes.Select(c => column.Prefix + c)])));

    /// <summary>One of an enum's values.</summary>
    public T Choose<T>(ImportColumn column, T before) where T : struct, Enum => Enum.Parse<T>(Choose(column, before.ToString()));

    /// <summary>The line is read, and nothing is wrong with it.</summary>
    /// <param name="name">See <see cref="ImportedRow"/>.</param>
    /// <param name="values">What is there, and what will be.</param>
    public void Done(string name, params ReadOnlySpan<(ImportColumn Column, object? Before, object? After)> values)
    {
        var changes = new List<FieldChange>();
        foreach (var (column, before, after) in values)
            if (IsNew ? after is not (null or "") : !Equals(before, after))
                changes.Add(new(column.Field, IsNew ? null : before, after));
        sheet.Rows.Add(new(row.Line, name, IsNew, changes));
    }
}
