using System.Collections.Concurrent;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Dialects;

namespace ParkingSaaS.Devices;

/// <summary>The devices that signed in at this node, and how they speak. As many as are registered at most: one that is gone may come back.</summary>
public sealed class ConnectedDevices(IEnumerable<IDialect> dialects)
{
    readonly Dictionary<string, IDialect> dialects = dialects.ToDictionary(d => d.Name);
    readonly ConcurrentDictionary<(string City, string Name), SignedInDevice> byName = new();
    readonly ConcurrentDictionary<Guid, SignedInDevice> byId = new();

    /// <summary>Takes note of a device that signed in.</summary>
    /// <returns>False where its dialect is not installed.</returns>
    public bool Add(SignedInDevice device)
    {
        if (!dialects.ContainsKey(device.Dialect))
            return false;
        byName[(device.City, device.Name)] = device;
        return true;
    }

    /// <summary>Takes note that a device is up at this node, not only about to be.</summary>
    public void Arrived(SignedInDevice device) => byId[device.Id] = device;

    /// <summary>A device that signed in.</summary>
    public SignedInDevice Get(string city, string name) => byName[(city, name)];

    /// <summary>The device of that id, if it was up at this node since the start.</summary>
    public SignedInDevice? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>Those that were up at this node since the start.</summary>
    public IEnumerable<SignedInDevice> Of(string city) => byId.Values.Where(d => d.City == city);

    /// <summary>How it speaks.</summary>
    public IDialect DialectOf(SignedInDevice device) => dialects[device.Dialect];
}
