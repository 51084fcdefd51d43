namespace ParkingSaaS.Core.Orders;

public static class OrderPermissions
{
    /// <summary>See orders, passages and what was done to them.</summary>
    public const string View = "orders.view";

    /// <summary>Work a booth: take cash, let cars out, put missing entries right.</summary>
    public const string Booth = "orders.booth";

    /// <summary>Mark stays for what the tariff charges by hand, and take that back.</summary>
    public const string Mark = "orders.mark";

    /// <summary>Strike out orders.</summary>
    public const string Void = "orders.void";

    /// <summary>Change what is to be paid for a stay that is over.</summary>
    public const string ChangeAmount = "orders.change-amount";

    /// <summary>Bring back what was struck out, and take back exits.</summary>
    public const string Reopen = "orders.reopen";

    /// <summary>Make one stay of two, and two of one.</summary>
    public const string Merge = "orders.merge";

    /// <summary>Turn what waits too long for payment into arrears. Held by the program itself.</summary>
    public const string Close = "orders.close";

    /// <summary>Freeze stays that are doubted. Held by the program itself.</summary>
    public const string Freeze = "orders.freeze";

    /// <summary>See a stay's fee and pay it, as the driver.</summary>
    public const string Pay = "orders.pay";
}
