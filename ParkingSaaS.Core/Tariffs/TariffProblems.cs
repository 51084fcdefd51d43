using ParkingSaaS.Core.Tariffs.Engine;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>The problems of one tariff as they are found, and the checks that many of its fields share.</summary>
internal sealed class TariffProblems
{
    public List<TariffProblem> List { get; } = [];

    public void Add(string path, string code, string message) => List.Add(new(path, code, message));

    public void Text(string path, string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 200)
            Add(path, "text.length", "Must have 1 to 200 characters");
        else
            Line(path, text);
    }

    /// <summary>Of control characters only line breaks and tabs come here, and a name has none of them either.</summary>
    public void Line(string path, string? text)
    {
        if (text?.Any(char.IsControl) == true)
            Add(path, "text.control", "Must be one line, without control characters");
    }

    public void Id(string path, string id, HashSet<string> seen)
    {
        Text(path, id);
        if (!seen.Add(id))
            Add(path, "id.repeated", "Must be unique");
    }

    public void Count(string path, int count, int min, int max)
    {
        if (count < min || count > max)
            Add(path, "list.length", $"Must have {min} to {max} entries");
    }

    public void Minutes(string path, int minutes, int least = 1)
    {
        if (minutes < least || minutes > TariffValidation.MaxMinutes)
            Add(path, "number.range", $"Must be from {least} to {TariffValidation.MaxMinutes} minutes");
    }

    public void Price(string path, decimal price)
    {
        if (price is < 0 or > TariffValidation.MaxPrice)
            Add(path, "price.range", $"Must be from 0 to {TariffValidation.MaxPrice}");
        else if (decimal.Round(price, StageMath.Decimals) != price)
            Add(path, "price.decimals", $"Must have at most {StageMath.Decimals} decimals");
    }

    public void Window(string path, DayWindow? window)
    {
        if (window is null)
            return;
        if (window.From.Minutes is < 0 or > 24 * 60 - 1)
            Add($"{path}/from", "window.time", "Must be from 00:00 to 23:59");
        if (window.To.Minutes is < 0 or > 24 * 60)
            Add($"{path}/to", "window.time", "Must be from 00:00 to 24:00");
        if (window.From == window.To)
            Add($"{path}/to", "window.empty", "Must differ from \"from\"; all day is no window at all");
    }

    public void Conditions(string path, AppliesTo? appliesTo)
    {
        for (var i = 0; i < appliesTo?.Groups.Count; i++)
            Text($"{path}/groups/{i}", appliesTo.Groups[i]);
        for (var i = 0; i < appliesTo?.AllGroups.Count; i++)
            Text($"{path}/allGroups/{i}", appliesTo.AllGroups[i]);
        for (var i = 0; i < appliesTo?.Dates.Count; i++)
            if (appliesTo.Dates[i].To < appliesTo.Dates[i].From)
                Add($"{path}/dates/{i}/to", "dates.order", "Must not be before \"from\"");
    }
}
