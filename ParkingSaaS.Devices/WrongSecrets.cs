using System.Collections.Concurrent;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Devices;

/// <summary>How many wrong secrets are borne in a minute.</summary>
/// <param name="PerAddress">Of one address; a sixth of it for one device from one address, and half for one device from all.</param>
public sealed record WrongSecretLimit(int PerAddress)
{
    internal int PerDeviceAndAddress => Math.Max(1, PerAddress / 6);

    internal int PerDevice => Math.Max(1, PerAddress / 2);
}

/// <summary>Who tries wrong secrets is no longer heard for the rest of the minute. Secrets cannot be guessed; this keeps a flood of tries
/// from the databases and the log. A stranger must not shut a device out: a device is heard from the address where it last signed in
/// until wrong secrets come with its name from that very address, and from any other address it has a first try.</summary>
public sealed class WrongSecrets(WrongSecretLimit limit, TimeProvider clock)
{
    readonly Tally byAddress = new(TimeSpan.FromMinutes(1), clock);
    readonly Tally byDevice = new(TimeSpan.FromMinutes(1), clock);
    readonly Tally byBoth = new(TimeSpan.FromMinutes(1), clock);
    readonly ConcurrentDictionary<string, string> home = new();

    /// <summary>Whether this try is heard at all.</summary>
    /// <param name="address">Where it comes from, as limits count it.</param>
    /// <param name="device">The user name.</param>
    public bool Hears(string address, string device)
    {
        var here = byBoth.Of(Both(address, device));
        return here < limit.PerDeviceAndAddress
            && (home.GetValueOrDefault(device) == address
                || (byAddress.Of(address) < limit.PerAddress && (here == 0 || byDevice.Of(device) < limit.PerDevice)));
    }

    /// <summary>The secret was right. Only names of devices come here, so there are no more than those.</summary>
    public void Right(string address, string device) => home[device] = address;

    /// <summary>The secret was wrong.</summary>
    public void Wrong(string address, string device)
    {
        byAddress.Add(address);
        byDevice.Add(device);
        byBoth.Add(Both(address, device));
    }

    static string Both(string address, string device) => $"{address} {device}";
}
