using System.Text.RegularExpressions;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Devices;

/// <summary>A picture that a device uploaded as evidence of what it reports. The file lies in the <see cref="IFileStore"/>; neither ever
/// changes.</summary>
public sealed partial class DevicePicture : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    public required Guid DeviceId { get; init; }

    /// <summary>What the device calls it in its reports; once for each device.</summary>
    public required string Name { get; init; }

    /// <summary>When it came, by our clock. It is kept for <see cref="PicturePolicy.Keep"/> from then on.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <inheritdoc cref="ImageFile.Type"/>
    public required string ContentType { get; init; }

    /// <summary>Bytes of the file as <see cref="ImageFile"/> left it.</summary>
    public required int Size { get; init; }

    /// <summary>SHA-256 of those bytes, 64 hexadecimal digits: shows that the file is what came.</summary>
    public required string Hash { get; init; }

    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 100;

    /// <summary>Where the file lies: by day, since pictures of a day go together.</summary>
    public string Key(City city) => $"{Folder(city)}/{ReceivedAt.UtcDateTime:yyyy-MM-dd}/{Id:N}";

    /// <summary>Where all pictures of a city lie, in a folder for each day (UTC) such as <c>2026-11-21</c>.</summary>
    internal static string Folder(City city) => $"{city.Code}/pictures";

    /// <summary>Whether a picture may be called so: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, and no address.</summary>
    public static bool IsName(string text) => text.Length <= MaxName && Allowed.IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]*\z")]
    private static partial Regex Allowed { get; }
}

/// <summary>What is kept of pictures, and for how long: the settings under <c>Pictures</c>.</summary>
public sealed record PicturePolicy
{
    /// <summary>How long a picture is kept at least; it goes within a day and an hour more.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(90);

    /// <summary>The largest file that is taken, in bytes.</summary>
    public int MaxBytes { get; init; } = 2 << 20;

    /// <summary>How many pictures a device may send in a minute to one node.</summary>
    public int PerMinute { get; init; } = 60;
}
