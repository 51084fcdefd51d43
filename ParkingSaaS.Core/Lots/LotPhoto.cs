using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Lots;

/// <summary>A picture of a lot. It lies in the city's database, so that it is kept, backed up and hidden as the lot is. What it
/// shows never changes.</summary>
public sealed class LotPhoto : ILotOwned
{
    /// <summary>Row id; photos are shown in its order, oldest first.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>What is to be seen, in words; may be empty.</summary>
    public required string Caption { get; init; }

    /// <inheritdoc cref="ImageFile.Type"/>
    public required string ContentType { get; init; }

    /// <summary>The file as <see cref="ImageFile"/> leaves it, about <see cref="AddPhoto.MaxBytes"/> at most.</summary>
    public required byte[] Content { get; init; }
}
