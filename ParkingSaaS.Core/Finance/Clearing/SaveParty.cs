using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>A party as entered.</summary>
/// <param name="Id">The party to change; null adds one.</param>
/// <param name="Name">1–64 characters, unique in the city.</param>
/// <param name="AccountHolder">1–64 characters.</param>
/// <param name="Bank">1–64 characters.</param>
/// <param name="AccountNumber">8–32 digits; spaces between them do not count.</param>
public sealed record PartyDetails(Guid? Id, string? Name, string? AccountHolder, string? Bank, string? AccountNumber)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public PartyDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static PartyDetails Of(Party p) => new(p.Id, p.Name, p.AccountHolder, p.Bank, p.AccountNumber);
}

/// <summary>Adds a party, or changes where its money goes. The security log says who did.</summary>
public sealed class SaveParty(CitySessions sessions, SecurityLog log)
{
    const int ShortestNumber = 8, LongestNumber = 32;

    /// <summary>Saves and answers the party's id.</summary>
    /// <exception cref="AccessDeniedException">The actor may not share out.</exception>
    public async Task<Result<Guid>> RunAsync(Actor actor, PartyDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Clear, ct);
        var party = await s.Db.Set<Party>().FirstOrDefaultAsync(p => p.Id == request.Id, ct);
        if (!actor.Scope.IsWholeCity || (party is null && request.Id is not null))
            return new NotFound("party");
        var number = string.Concat((request.AccountNumber ?? "").Where(c => !char.IsWhiteSpace(c)));
        if (Check.All(
                Check.Required(nameof(request.Name), request.Name, Party.MaxText),
                Check.Required(nameof(request.AccountHolder), request.AccountHolder, Party.MaxText),
                Check.Required(nameof(request.Bank), request.Bank, Party.MaxText),
                Check.Required(nameof(request.AccountNumber), request.AccountNumber, Party.MaxText)
                    ?? Check.That(number.Length is >= ShortestNumber and <= LongestNumber && number.All(char.IsAsciiDigit),
                        nameof(request.AccountNumber), "invalid")) is { } invalid)
            return invalid;
        var name = request.Name!.Trim();
        if (party is not null && Edits.Since(request.Seen, PartyDetails.Of(party), request, party.ChangedBy) is { } changed)
            return changed;
        if (await s.Db.Set<Party>().AnyAsync(p => p.Name == name && p.Id != request.Id, ct))
            return new InvalidField(nameof(request.Name), "taken");
        var isNew = party is null;
        if (party is null)
            s.Db.Add(party = new Party { Id = Guid.CreateVersion7() });
        (party.Name, party.AccountHolder, party.Bank, party.AccountNumber) = (name, request.AccountHolder!.Trim(), request.Bank!.Trim(), number);
        (party.ChangedBy, party.ChangedAt) = (actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(isNew ? SecurityEvent.PartyAdded : SecurityEvent.PartyChanged, s.City.Code, actor.Address, party.Id.ToString(), $"by {actor.Id}");
        return party.Id;
    }
}
