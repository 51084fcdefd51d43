using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments;

/// <summary>A way that drivers pay on their phone. Money moves outside of this program; the channel calls back.</summary>
public interface IPaymentChannel
{
    /// <summary>Its code, kept with payments.</summary>
    string Code { get; }

    /// <summary>Where the driver goes to pay: an address, relative to the city's pages or absolute.</summary>
    string PayAddress(City city, Payment payment);
}
