using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Orders;

/// <summary>A picture of a passage.</summary>
/// <param name="Number">Its place among the passage's pictures, from 0.</param>
/// <param name="Name">As the device named it: an address elsewhere, or the name of one that it uploads.</param>
/// <param name="Plate">The plate that was read; null where none was.</param>
/// <param name="At">When the car passed, by the device's clock.</param>
public sealed record PassageImage(Guid PassageId, int Number, string Name, string? Plate, DateTimeOffset At)
{
    /// <summary>It is to be found here, once it has come and until its time is over.</summary>
    public bool IsUploaded => DevicePicture.IsName(Name);
}

/// <summary>A picture that was uploaded, with its file.</summary>
public sealed record PictureFile(DevicePicture Picture, byte[] Content);

/// <summary>Finds the uploaded pictures of passages. A report names pictures of the device that sends it, and no others.</summary>
public sealed class PassagePictures(CitySessions sessions, IFileStore files)
{
    /// <summary>A picture for who may see the passage; null where there is none, not yet or no more.</summary>
    /// <param name="passageId">The passage.</param>
    /// <param name="number">See <see cref="PassageImage.Number"/>.</param>
    /// <exception cref="FileStoreException">The store does not work.</exception>
    public async Task<PictureFile?> FindAsync(Actor actor, Guid passageId, int number, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.View, ct);
        return await ReadAsync(s, s.Db.Set<Passage>().Where(p => p.Id == passageId), number, ct);
    }

    /// <summary>A picture for the driver whose stay it belongs to; the caller has made sure of that.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<PictureFile?> OfStayAsync(Actor actor, Guid orderId, Guid passageId, int number, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, OrderPermissions.Pay, ct);
        return await ReadAsync(s, s.Db.Set<Passage>().Where(p => p.Id == passageId && p.OrderId == orderId), number, ct);
    }

    /// <summary>Those of a stay's pictures that are here, in the order of time.</summary>
    internal static async Task<IReadOnlyList<PassageImage>> OfStayAsync(CitySession s, Guid orderId, CancellationToken ct)
    {
        var passages = await s.Db.Set<Passage>().AsNoTracking().Where(p => p.OrderId == orderId && p.ImageNames.Count > 0).OrderBy(p => p.At).ToListAsync(ct);
        string[] names = [.. passages.SelectMany(p => p.ImageNames).Distinct()];
        if (names.Length == 0)
            return [];
        var devices = passages.Select(p => p.DeviceId).Distinct().ToArray();
        var here = (await s.Db.Set<DevicePicture>().Where(x => devices.Contains(x.DeviceId) && names.Contains(x.Name))
            .Select(x => new { x.DeviceId, x.Name }).ToListAsync(ct)).Select(x => ((Guid?)x.DeviceId, x.Name)).ToHashSet();
        return [.. passages.SelectMany(p => p.Images.Where(i => here.Contains((p.DeviceId, i.Name))))];
    }

    async Task<PictureFile?> ReadAsync(CitySession s, IQueryable<Passage> passage, int number, CancellationToken ct)
    {
        if (await passage.AsNoTracking().FirstOrDefaultAsync(ct) is not { } found || found.ImageNames.ElementAtOrDefault(number) is not { } name
            || await s.Db.Set<DevicePicture>().AsNoTracking().FirstOrDefaultAsync(p => p.DeviceId == found.DeviceId && p.Name == name, ct) is not { } picture)
            return null;
        return await files.ReadAsync(picture.Key(s.City), ct) is { } content ? new PictureFile(picture, content) : null;
    }
}
