using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Vehicles;

/// <summary>A plate of an owner as entered.</summary>
/// <param name="Plate">The plate as typed.</param>
/// <param name="Colour">Its colour; unknown takes what the plate's form says.</param>
public sealed record OwnerPlateDetails(string? Plate, PlateColour Colour = PlateColour.Unknown, VehicleKind Vehicle = VehicleKind.Small);

/// <summary>An owner as entered.</summary>
/// <param name="Id">The owner to change; null adds one.</param>
/// <param name="Phone">A number that can be written to, unique in the city; see <see cref="Common.Phone"/>.</param>
/// <param name="Name">At most <see cref="Owner.MaxName"/> characters.</param>
/// <param name="Note">At most <see cref="Owner.MaxNote"/> characters.</param>
/// <param name="Plates">All plates, the default one first, at most <see cref="Owner.MaxPlates"/>. Empty ones do not count.</param>
public sealed record OwnerDetails(Guid? Id, string? Phone, string? Name, string? Note, OwnerLanguage Language, IReadOnlyList<OwnerPlateDetails> Plates)
{
    /// <summary>Where mail reaches them; null or empty for nowhere.</summary>
    public string? Mail { get; init; }

    /// <summary>The person says that plates of no known form are right.</summary>
    public bool Foreign { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public OwnerDetails? Seen { get; init; }

    /// <summary>What a form to change an owner is opened with.</summary>
    public static OwnerDetails Of(Owner owner, IEnumerable<OwnerPlate> plates) => new(
        owner.Id, Common.Phone.Show(owner.Phone, whole: true), owner.Name, owner.Note, owner.Language,
        [.. plates.OrderByDescending(p => p.IsDefault).ThenBy(p => p.Plate).Select(p => new OwnerPlateDetails(p.Plate, p.Colour, p.Vehicle))])
    {
        Mail = owner.Mail
    };
}

public sealed class SaveOwner(CitySessions sessions)
{
    /// <summary>Saves and answers the owner's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, OwnerDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageOwners, ct);
        var phone = Phone.Normalize(request.Phone);
        var wanted = request.Plates.Select(p => (p.Colour, p.Vehicle, Text: PlateGrammar.Normalize(p.Plate))).Where(p => p.Text is not null).ToList();
        var texts = wanted.ConvertAll(p => p.Text!);
        var invalid = Check.All(
            Check.That(!string.IsNullOrWhiteSpace(request.Phone), nameof(request.Phone), "required"),
            Check.That(phone is not null, nameof(request.Phone), "invalid"),
            Check.Optional(nameof(request.Name), request.Name, Owner.MaxName),
            Check.Optional(nameof(request.Note), request.Note, Owner.MaxNote),
            Check.Optional(nameof(request.Mail), request.Mail, Owner.MaxMail),
            Check.That(string.IsNullOrWhiteSpace(request.Mail) || MailAddress.TryCreate(request.Mail.Trim(), out _), nameof(request.Mail), "invalid",
                "mail-address"),
            Check.That(Enum.IsDefined(request.Language), nameof(request.Language), "invalid"),
            Check.Plates(nameof(request.Plates), request.Plates.Select(p => p.Plate)),
            Check.Most(nameof(request.Plates), wanted.Count, Owner.MaxPlates),
            Check.That(wanted.TrueForAll(p => p.Text!.Length is >= 4 and <= Plate.MaxLength && Enum.IsDefined(p.Colour) && Enum.IsDefined(p.Vehicle))
                && texts.Distinct().Count() == texts.Count, nameof(request.Plates), "invalid"))
            ?? Check.That(!await s.Db.Set<Owner>().AnyAsync(o => o.Phone == phone && o.Id != request.Id, ct), nameof(request.Phone), "taken");
        if (invalid is not null)
            return invalid;
        var owner = await s.Db.Set<Owner>().FirstOrDefaultAsync(o => o.Id == request.Id, ct);
        if (owner is null && request.Id is not null)
            return new NotFound("owner");
        var plates = await s.Db.Set<OwnerPlate>().Where(p => p.OwnerId == request.Id).ToDictionaryAsync(p => p.Plate, ct);
        var kept = wanted.Select((p, i) => (Rank: i > 0, Details: new OwnerPlateDetails(p.Text, ColourOf(p.Colour, p.Vehicle, p.Text), p.Vehicle)))
            .OrderBy(p => p.Rank).ThenBy(p => p.Details.Plate).Select(p => p.Details);
        if (owner is not null
            && Edits.Since(request.Seen, OwnerDetails.Of(owner, plates.Values), request with { Plates = [.. kept] }, owner.ChangedBy) is { } changed)
            return changed;
        if (TypedPlate.Ask(request.Foreign, texts.Except(plates.Keys)) is { } question)
            return question;
        if (await s.Db.Set<OwnerPlate>().Where(p => texts.Contains(p.Plate) && p.OwnerId != request.Id)
                .Select(p => p.Plate).FirstOrDefaultAsync(ct) is { } taken)
            return new PlateOwned(taken);
        if (owner is null)
            s.Db.Add(owner = new Owner { Id = Guid.CreateVersion7(), Phone = phone!, CreatedAt = s.Now, ChangedBy = actor.Name, ChangedAt = s.Now });
        (owner.Phone, owner.Name, owner.Note) = (phone!, request.Name?.Trim() ?? "", request.Note?.Trim() ?? "");
        owner.Mail = string.IsNullOrWhiteSpace(request.Mail) ? null : request.Mail.Trim();
        (owner.Language, owner.ChangedBy, owner.ChangedAt) = (request.Language, actor.Name, s.Now);
        s.Db.RemoveRange(plates.Values.Where(p => !texts.Contains(p.Plate)));
        foreach (var (colour, vehicle, text) in wanted)
        {
            if (!plates.TryGetValue(text!, out var plate))
                s.Db.Add(plate = new OwnerPlate { Plate = text!, OwnerId = owner.Id });
            (plate.Colour, plate.Vehicle, plate.IsDefault) = (ColourOf(colour, vehicle, text), vehicle, text == texts[0]);
        }
        return (await s.SaveAsync(ct)).Error is { } error ? error : owner.Id;
    }

    static PlateColour ColourOf(PlateColour entered, VehicleKind vehicle, string? plate) =>
        entered is PlateColour.Unknown ? PlateGrammar.ColourOf(plate, vehicle) : entered;
}

/// <summary>Erases what is kept of a person: number, name, note, and which plates are theirs. Orders stay, since they are the books; nothing
/// in them says any more whose they were.</summary>
public sealed class EraseOwner(CitySessions sessions, ILogger<EraseOwner> log)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, VehiclePermissions.ManageOwners, ct);
        if (await s.Db.Set<Owner>().FirstOrDefaultAsync(o => o.Id == id, ct) is not { } owner)
            return new NotFound("owner");
        s.Db.Remove(owner);
        var saved = await s.SaveAsync(ct);
        if (saved.Ok)
            log.LogInformation("Owner {Owner} in {City} was erased by {Actor}", id, s.City.Code, actor.Id);
        return saved;
    }
}
