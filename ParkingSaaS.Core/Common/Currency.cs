using System.Collections.Frozen;
using System.Globalization;

namespace ParkingSaaS.Core.Common;

/// <summary>A currency: how an amount of <see cref="Money"/> is read and written.</summary>
public sealed record Currency
{
    /// <summary>Renminbi, which a tariff is in that names no currency.</summary>
    public static readonly Currency Yuan = new() { Code = "CNY", Digits = 2 };

    /// <summary>ISO 4217, for example CNY.</summary>
    public required string Code { get; init; }

    /// <summary>Decimals of its smallest unit: 2 for CNY, 0 for JPY, 3 for TND.</summary>
    public required int Digits { get; init; }

    /// <summary>Those that a city can have, by code. Digits after ISO 4217:2015, list one.</summary>
    public static IReadOnlyList<Currency> All { get; } =
        [.. new[]
        {
            (Digits: 2, Codes: "AED AUD BRL CAD CHF CNY CZK DKK EGP EUR GBP HKD IDR ILS INR KHR KZT LAK MAD MNT MOP MXN MYR NOK NZD "
                + "PHP PLN RUB SAR SEK SGD THB TRY TWD USD UZS ZAR"),
            (Digits: 0, Codes: "CLP JPY KRW VND"),
            (Digits: 3, Codes: "BHD JOD KWD OMR TND")
        }.SelectMany(g => g.Codes.Split(' ').Select(code => new Currency { Code = code, Digits = g.Digits })).OrderBy(c => c.Code, StringComparer.Ordinal)];

    static readonly FrozenDictionary<string, Currency> ByCode = All.ToFrozenDictionary(c => c.Code);

    /// <summary>Where people know the currency of their city by a sign. The others are written with their code.</summary>
    static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>
    {
        ["CNY"] = "¥",
        ["JPY"] = "¥",
        ["KRW"] = "₩",
        ["EUR"] = "€",
        ["GBP"] = "£",
        ["USD"] = "$",
        ["HKD"] = "HK$",
        ["SGD"] = "S$",
        ["TWD"] = "NT$",
    }.ToFrozenDictionary();

    /// <summary>Notes and coins that people pay with, in main units.</summary>
    static readonly FrozenDictionary<string, decimal[]> Cash = new Dictionary<string, decimal[]>
    {
        ["CNY"] = [100, 50, 20, 10, 5, 1, 0.5m, 0.1m],
        ["JPY"] = [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1],
        ["KRW"] = [50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10],
        ["EUR"] = [200, 100, 50, 20, 10, 5, 2, 1, 0.5m, 0.2m, 0.1m, 0.05m, 0.02m, 0.01m],
        ["GBP"] = [50, 20, 10, 5, 2, 1, 0.5m, 0.2m, 0.1m, 0.05m, 0.02m, 0.01m],
        ["USD"] = [100, 50, 20, 10, 5, 2, 1, 0.5m, 0.25m, 0.1m, 0.05m, 0.01m],
        ["HKD"] = [1_000, 500, 100, 50, 20, 10, 5, 2, 1, 0.5m, 0.2m, 0.1m],
        ["SGD"] = [1_000, 100, 50, 10, 5, 2, 1, 0.5m, 0.2m, 0.1m, 0.05m],
        ["TWD"] = [2_000, 1_000, 500, 200, 100, 50, 10, 5, 1]
    }.ToFrozenDictionary();

    /// <summary>Its notes and coins in main units, the largest first; none where we do not know them.</summary>
    public IReadOnlyList<decimal> Denominations() => Cash.GetValueOrDefault(Code) ?? [];

    /// <summary>What people write before an amount: <c>¥</c>, or a code with the space that keeps it from being torn off at a line's
    /// end.</summary>
    public string Sign() => Signs.GetValueOrDefault(Code) ?? Code + "\u00A0";

    /// <summary>The currency of a code, or null where no city can have it.</summary>
    public static Currency? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    /// <summary>The smallest amount there is, in main units: 0.01 for CNY.</summary>
    internal decimal SmallestUnit => new(1, 0, 0, false, (byte)Digits);

    /// <summary>An amount in main units: 12.50 for 1250 fen.</summary>
    public decimal Amount(Money money) => money.Minor * SmallestUnit;

    /// <summary>An amount of main units, or null where it is no whole number of smallest units (an error, not a reason to round) or more
    /// than a thousand million.</summary>
    public Money? Exact(decimal amount) =>
        Math.Abs(amount) <= 1_000_000_000m && amount % SmallestUnit == 0 ? new((long)(amount / SmallestUnit)) : null;

    /// <summary>The decimal string that interfaces carry, with all decimals of the currency and a dot: <c>12.50</c>, <c>1250</c>,
    /// <c>1.250</c>.</summary>
    public string Plain(Money money) => Amount(money).ToString("F" + Digits, CultureInfo.InvariantCulture);

    /// <summary>The amount of such a string; null where it is none, or more exact than the currency.</summary>
    public Money? Read(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount)
            ? Exact(amount) : null;

    /// <summary>For people: <c>¥1,234.50</c>, <c>CHF 12.50</c>, <c>-¥1,250</c>.</summary>
    public string Text(Money money) => Text(Amount(money));

    /// <summary>The same of an amount in main units, with more decimals only where there are more: <c>¥0.333</c>.</summary>
    public string Text(decimal amount)
    {
        var number = Math.Abs(amount).ToString(Digits == 0 ? "#,0.######" : "#,0." + new string('0', Digits) + new string('#', 6 - Digits),
            CultureInfo.InvariantCulture);
        return (amount < 0 ? "-" : "") + Sign() + number;
    }
}
