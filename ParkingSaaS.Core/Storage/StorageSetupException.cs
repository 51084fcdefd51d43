namespace ParkingSaaS.Core.Storage;

/// <summary>The database server cannot be used as it is, and the message tells the operator why, and what to do.</summary>
public class StorageSetupException(string message) : Exception(message)
{
    internal static StorageSetupException WrongKey(string role) => new(
        $"The key of this installation (the setting Key, or the file 'key' in the data directory) is not the one that the databases were made with: "
        + $"the role {role} has another password. Bring the key back; without it they cannot be opened.");
}

/// <summary>A database has other tables than this program knows: another version made it.</summary>
public sealed class OtherTablesException(string message) : StorageSetupException(message);
