using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>Berths to be added.</summary>
/// <param name="Numbers">One number (<c>A001</c>), or the first and the last of a row (<c>A001–A050</c>), at most 500;
/// each at most 16 characters. <c>-</c>, <c>–</c>, <c>~</c> and <c>至</c> stand for "to".</param>
/// <param name="ZoneId">The zone of the lot that they belong to; null for none.</param>
public sealed record NewBerths(Guid LotId, string Numbers, BerthType Type, Guid? ZoneId = null);

/// <summary>Numbers are painted on the ground already, so a number that is in use refuses the whole row.</summary>
public sealed record BerthExists(string Number) : Error("lots.berth-exists", Number);

/// <summary>Adds one berth or a row of them.</summary>
public sealed partial class AddBerths(CitySessions sessions)
{
    const int MaxAtOnce = 500;

    /// <summary>Adds all or none, and answers how many.</summary>
    public async Task<Result<int>> RunAsync(Actor actor, NewBerths request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (!await s.Db.Set<Lot>().AnyAsync(l => l.Id == request.LotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        if (!Enum.IsDefined(request.Type))
            return new InvalidField(nameof(request.Type), "invalid");
        if (request.ZoneId is not null && !await s.Db.Set<LotZone>().AnyAsync(z => z.Id == request.ZoneId && z.LotId == request.LotId, ct))
            return new InvalidField(nameof(request.ZoneId), "invalid");
        if (Check.Required(nameof(request.Numbers), request.Numbers, 64) is { } invalid)
            return invalid;
        if (!Expand(request.Numbers).Try(out var numbers, out var error))
            return error;
        if (await s.Db.Set<Berth>().Where(b => b.LotId == request.LotId && b.RetiredAt == null && numbers.Contains(b.Number))
                .OrderBy(b => b.Number).Select(b => b.Number).FirstOrDefaultAsync(ct) is { } taken)
            return new BerthExists(taken);
        s.Db.Set<Berth>().AddRange(numbers.Select(number =>
            new Berth { Id = Guid.CreateVersion7(), LotId = request.LotId, Number = number, Type = request.Type, ZoneId = request.ZoneId }));
        return (await s.SaveAsync(ct)).Error is { } refused ? refused : numbers.Count;
    }

    /// <summary>The numbers of a row: same letters before, digits counted up at the width of the first.</summary>
    public static Result<List<string>> Expand(string text)
    {
        text = text.Trim();
        if (Row().Match(text) is not { Success: true } row)
            return text.Length > 16 ? new InvalidField(nameof(NewBerths.Numbers), "too-long") : new List<string> { text };
        var (prefix, from, to) = (row.Groups["prefix"].Value, row.Groups["from"].Value, row.Groups["to"].Value);
        if (row.Groups["again"].Value is { Length: > 0 } again && again != prefix)
            return new InvalidField(nameof(NewBerths.Numbers), "invalid");
        var (first, last) = (int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture));
        if (last < first || last - first >= MaxAtOnce)
            return new InvalidField(nameof(NewBerths.Numbers), "out-of-range");
        var numbers = Enumerable.Range(first, last - first + 1)
            .Select(n => prefix + n.ToString(CultureInfo.InvariantCulture).PadLeft(from.Length, '0')).ToList();
        return numbers[^1].Length > 16 ? new InvalidField(nameof(NewBerths.Numbers), "too-long") : numbers;
    }

    [GeneratedRegex(@"^(?<prefix>.*?)(?<from>[0-9]{1,8})\s*[-–—~～至]\s*(?<again>.*?)(?<to>[0-9]{1,8})$")]
    private static partial Regex Row();
}
