namespace ParkingSaaS.Core.Storage;

/// <summary>A row that belongs to a lot, and is seen and written only by those whose scope covers the lot. <c>LotId</c> never changes: it is
/// a concurrency token, and the database refuses to update it
/// (<see cref="CityDatabases"/>).</summary>
public interface ILotOwned
{
    Guid LotId { get; }
}
