using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A photo to be added.</summary>
/// <param name="Caption">What is to be seen, at most 100 characters; may be empty.</param>
/// <param name="Content">The file: JPEG, PNG or WebP, at most <see cref="AddPhoto.MaxBytes"/>.</param>
public sealed record NewPhoto(Guid LotId, string Caption, byte[] Content);

/// <summary>The file is none of the kinds of picture that are kept.</summary>
public sealed record NotAPhoto() : Error("lots.not-a-photo");

public sealed record PhotoTooLarge() : Error("lots.photo-too-large", AddPhoto.MaxBytes >> 20);

/// <summary>The lot has as many photos as one may have.</summary>
public sealed record TooManyPhotos() : Error("lots.too-many-photos", AddPhoto.MaxPhotos);

public sealed class AddPhoto(CitySessions sessions)
{
    /// <summary>The largest file that is kept, in bytes: a phone's photo, so that it can be read at once.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>How many photos a lot has at most.</summary>
    public const int MaxPhotos = 12;

    /// <summary>Keeps it without what the camera noted besides the picture, and answers the photo's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, NewPhoto request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        if (!await s.Db.Set<Lot>().AnyAsync(l => l.Id == request.LotId && l.RetiredAt == null, ct))
            return new NotFound("lot");
        var caption = request.Caption?.Trim() ?? "";
        if (Check.Optional(nameof(request.Caption), caption, 100) is { } invalid)
            return invalid;
        if (request.Content.Length > MaxBytes)
            return new PhotoTooLarge();
        if (ImageFile.Read(request.Content) is not { } file)
            return new NotAPhoto();
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        // An update that changes nothing holds the lot, so that two photos added at once are counted one after the other.
        await s.Db.Set<Lot>().Where(l => l.Id == request.LotId).ExecuteUpdateAsync(set => set.SetProperty(l => l.OpeningHours, l => l.OpeningHours), ct);
        if (await s.Db.Set<LotPhoto>().CountAsync(p => p.LotId == request.LotId, ct) >= MaxPhotos)
            return new TooManyPhotos();
        var photo = new LotPhoto
        {
            Id = Guid.CreateVersion7(),
            LotId = request.LotId,
            Caption = caption,
            ContentType = file.Type,
            Content = file.Content
        };
        s.Db.Set<LotPhoto>().Add(photo);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        return photo.Id;
    }
}

/// <summary>Deletes a photo for good.</summary>
public sealed class RemovePhoto(CitySessions sessions)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, LotPermissions.Manage, ct);
        return await s.Db.Set<LotPhoto>().Where(p => p.Id == id).ExecuteDeleteAsync(ct) > 0 ? new Done() : new NotFound("photo");
    }
}
