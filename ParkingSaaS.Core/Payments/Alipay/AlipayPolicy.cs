namespace ParkingSaaS.Core.Payments.Alipay;

/// <summary>How Alipay is reached.</summary>
public sealed record AlipayPolicy
{
    /// <summary>Where its open platform is.</summary>
    public Uri Address { get; init; } = new("https://openapi.alipay.com");

    /// <summary>An answer that takes longer is none.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
