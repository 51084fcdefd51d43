namespace ParkingSaaS.Core.Files;

/// <summary>Where the files lie that are too many for the databases: on this node's disk, or in a store that all nodes share. A key is a path of
/// our own making, such as <c>shenzhen/pictures/2026-11-21/…</c>; what lies under it never changes.</summary>
/// <remarks>Every method throws <see cref="FileStoreException"/> where the store does not work.</remarks>
public interface IFileStore
{
    /// <summary>Keeps a file, so that it outlives a crash; it is there whole or not at all.</summary>
    Task SaveAsync(string key, ReadOnlyMemory<byte> content, CancellationToken ct);

    /// <summary>A file; null where there is none.</summary>
    Task<byte[]?> ReadAsync(string key, CancellationToken ct);

    /// <summary>Deletes a file, if it is there.</summary>
    Task DeleteAsync(string key, CancellationToken ct);

    /// <summary>The names of the folders right below a folder, in no order; none where it is not there.</summary>
    Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken ct);

    /// <summary>Deletes a folder, if it is there, with all that lies below it.</summary>
    Task DeleteFolderAsync(string folder, CancellationToken ct);
}

/// <summary>The store cannot be reached, is full, or refuses us; the same may work later.</summary>
public sealed class FileStoreException(Exception cause) : Exception($"The file store does not work: {cause.Message}", cause);
