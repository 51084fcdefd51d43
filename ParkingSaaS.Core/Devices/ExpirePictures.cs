using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>Deletes the pictures that have been kept for long enough, a whole day (UTC) at a time, and with them files that a crash left
/// without a row.</summary>
public sealed class ExpirePictures(CitySessions sessions, IFileStore files, PicturePolicy policy)
{
    static Actor ActorOf(string city) => Actor.Job(city, "picture-upkeep", DevicePermissions.ExpirePictures);

    /// <returns>How many pictures went.</returns>
    /// <exception cref="FileStoreException">The store does not work; the files go next time.</exception>
    public async Task<int> RunAsync(string city, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(ActorOf(city), DevicePermissions.ExpirePictures, ct);
        var kept = DateOnly.FromDateTime((s.Now - policy.Keep).UtcDateTime);
        var since = new DateTimeOffset(kept, TimeOnly.MinValue, TimeSpan.Zero);
        // Rows first: nobody is shown a picture whose file is gone.
        var gone = await s.Db.Set<DevicePicture>().Where(p => p.ReceivedAt < since).ExecuteDeleteAsync(ct);
        foreach (var folder in await files.FoldersAsync(DevicePicture.Folder(s.City), ct))
            if (DateOnly.TryParseExact(folder, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < kept)
                await files.DeleteFolderAsync($"{DevicePicture.Folder(s.City)}/{folder}", ct);
        return gone;
    }
}
