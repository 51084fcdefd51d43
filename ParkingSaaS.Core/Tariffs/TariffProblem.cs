namespace ParkingSaaS.Core.Tariffs;

/// <summary>Why a tariff is refused.</summary>
/// <param name="Path">JSON pointer of the field,
/// for example <c>/rules/0/charge/stages/1/total</c>; empty is the document.</param>
/// <param name="Code">Stable, for screens and programs.</param>
/// <param name="Message">English, for people.</param>
public sealed record TariffProblem(string Path, string Code, string Message)
{
    /// <summary>A field's step in a pointer (RFC 6901).</summary>
    internal static string Step(string field) => "/" + field.Replace("~", "~0").Replace("/", "~1");

    public override string ToString() => $"{(Path.Length == 0 ? "/" : Path)}: {Message} [{Code}]";
}

/// <summary>A tariff, or why there is none.</summary>
public sealed record TariffReading(Tariff? Tariff, IReadOnlyList<TariffProblem> Problems);
