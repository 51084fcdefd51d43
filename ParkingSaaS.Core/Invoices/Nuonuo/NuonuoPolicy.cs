namespace ParkingSaaS.Core.Invoices.Nuonuo;

/// <summary>How 诺诺 is reached.</summary>
public sealed record NuonuoPolicy
{
    /// <summary>Where its services are.</summary>
    public Uri Services { get; init; } = new("https://sdk.nuonuo.com");

    /// <summary>Where it lends tokens.</summary>
    public Uri Tokens { get; init; } = new("https://open.nuonuo.com");

    /// <summary>An answer that takes longer is none.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(8);
}
