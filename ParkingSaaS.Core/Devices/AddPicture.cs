using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>The file is no JPEG, PNG or WebP, or is broken.</summary>
public sealed record NotAPicture() : Error("devices.not-a-picture");

/// <summary>The device gave that name to another picture before.</summary>
public sealed record PictureNameTaken(string Name) : Error("devices.picture-name-taken", Name);

/// <summary>Keeps a picture of a device, without what its camera noted besides. The report that names it may come before or after.</summary>
public sealed class AddPicture(CitySessions sessions, IFileStore files)
{
    /// <summary>When it returns, the picture is durable. The same picture under the same name once more changes nothing.</summary>
    /// <param name="device">Who sends it.</param>
    /// <param name="name">What the device calls it, see <see cref="DevicePicture.IsName"/>.</param>
    /// <param name="file">The file, whose size the caller has bounded.</param>
    /// <returns>Whether it is new.</returns>
    /// <exception cref="FileStoreException">The store does not work; nothing was kept.</exception>
    public async Task<Result<bool>> RunAsync(SignedInDevice device, string name, ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        if (!DevicePicture.IsName(name))
            return new InvalidField(nameof(DevicePicture.Name), "invalid");
        if (ImageFile.Read(file.Span) is not { } image)
            return new NotAPicture();
        await using var s = await sessions.OpenAsync(RecordEvents.ActorOf(device.City), DevicePermissions.Record, ct);
        var hash = Convert.ToHexStringLower(SHA256.HashData(image.Content));
        if (await KeptAsync() is { } before)
            return before == hash ? false : new PictureNameTaken(name);
        var picture = new DevicePicture
        {
            Id = Guid.CreateVersion7(),
            LotId = device.LotId,
            DeviceId = device.Id,
            Name = name,
            ReceivedAt = s.Now,
            ContentType = image.Type,
            Size = image.Content.Length,
            Hash = hash
        };
        await files.SaveAsync(picture.Key(s.City), image.Content, ct);
        s.Db.Add(picture);
        // If this throws, nobody knows whether the row is there: the file stays for it, or goes with its day.
        if ((await s.SaveAsync(ct)).Ok)
            return true;
        // The device sent it on another connection at the same time, and that was quicker.
        await files.DeleteAsync(picture.Key(s.City), ct);
        return await KeptAsync() == hash ? false : new PictureNameTaken(name);

        Task<string?> KeptAsync() => s.Db.Set<DevicePicture>().Where(p => p.DeviceId == device.Id && p.Name == name).Select(p => p.Hash)
            .FirstOrDefaultAsync(ct);
    }
}
