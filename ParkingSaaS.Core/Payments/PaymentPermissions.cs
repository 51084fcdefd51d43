namespace ParkingSaaS.Core.Payments;

/// <summary>The rights that this slice checks.</summary>
public static class PaymentPermissions
{
    /// <summary>Take cash.</summary>
    public const string Cash = "payments.cash";

    /// <summary>Begin and end a payment by a channel: drivers and channels' callbacks.</summary>
    public const string Channel = "payments.channel";

    /// <summary>See payments.</summary>
    public const string View = "payments.view";
}
