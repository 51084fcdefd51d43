using System.Security.Cryptography.X509Certificates;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Devices;

/// <summary>What a device signs in with.</summary>
/// <param name="User"><c>{city}/{device}</c>, or whatever else was sent.</param>
/// <param name="Certificate">One whose key the device has proved to have; null without one.</param>
/// <param name="Address">Where it comes from; null where that is not known.</param>
/// <param name="AddressKey">What that address is counted as.</param>
public readonly record struct DeviceCredential(string User, string Secret, X509Certificate2? Certificate, string? Address, string AddressKey);

/// <summary>Why a device was not let in.</summary>
public enum DoorRefusal
{
    /// <summary>There is no such device in use, or its secret or certificate is not right.</summary>
    Wrong,

    /// <summary>Too much was wrong within the last minute; nothing was looked at.</summary>
    TooOften,

    /// <summary>The city's database does not answer.</summary>
    Unavailable
}

/// <summary>Lets devices in, whatever they come by, and bounds how often somebody may be wrong.</summary>
public sealed class DeviceDoor(DeviceSignIn signIn, WrongSecrets wrong, CityDirectory cities, FaultLog faults, SecurityLog log)
{
    /// <summary>The device; null with a reason.</summary>
    public async Task<(SignedInDevice? Device, DoorRefusal Reason)> OpenAsync(DeviceCredential credential, CancellationToken ct)
    {
        // Nobody is called so, and what counts has a bound.
        var user = credential.User.Length <= 128 ? credential.User : "";
        if (!wrong.Hears(credential.AddressKey, user))
            return (null, DoorRefusal.TooOften);
        // What was sent as a name may be anything; the city is told when there is one.
        var city = cities.Find(user.Split('/')[0])?.Code;
        try
        {
            if (user.Length > 0 && await signIn.RunAsync(user, credential.Secret, credential.Certificate, ct) is { } device)
            {
                wrong.Right(credential.AddressKey, user);
                return (device, default);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested && FaultLog.IsOfDatabase(e))
        {
            faults.Failed(user.Split('/')[0], "the sign-in of devices", e);
            return (null, DoorRefusal.Unavailable);
        }
        wrong.Wrong(credential.AddressKey, user);
        log.Write(SecurityEvent.DeviceRefused, city, credential.Address, null);
        if (!wrong.Hears(credential.AddressKey, user))
            log.Write(SecurityEvent.RateLimited, city, credential.Address, null, "wrong secrets: not heard for the rest of the minute");
        return (null, DoorRefusal.Wrong);
    }
}
