namespace ParkingSaaS.Core.Passes;

public static class PassPermissions
{
    /// <summary>See passes and products.</summary>
    public const string View = "passes.view";

    /// <summary>Sell and renew passes, change their plates, suspend them and let them go on, take down wishes to cancel.</summary>
    public const string Sell = "passes.sell";

    /// <summary>Review what clerks sold.</summary>
    public const string Review = "passes.review";

    /// <summary>Add, change and withdraw products. Those for groups or the whole city take somebody who sees all of it.</summary>
    public const string Products = "passes.products";

    /// <summary>Review wishes to cancel as customer service.</summary>
    public const string Service = "passes.service";

    /// <summary>Review wishes to cancel as finance, and pay back.</summary>
    public const string Refund = "passes.refund";

    /// <summary>Buy and renew on the phone, as the driver.</summary>
    public const string Buy = "passes.buy";

    /// <summary>Lay renewals ready, end what nobody paid. Held by the program itself.</summary>
    public const string Upkeep = "passes.upkeep";
}
