namespace ParkingSaaS.Core.Payments;

public static class PaymentPermissions
{
    /// <summary>Take cash.</summary>
    public const string Cash = "payments.cash";

    /// <summary>Begin a payment by a channel: drivers.</summary>
    public const string Begin = "payments.begin";

    /// <summary>Say that the money of a payment came, or will not. Held by the payment's channel.</summary>
    public const string Confirm = "payments.confirm";

    /// <summary>Give up payments that nobody finished. Held by the program itself.</summary>
    public const string GiveUp = "payments.give-up";

    /// <summary>Set up the accounts of payment channels.</summary>
    public const string Channels = "payments.channels";

    /// <summary>See and take the bills of payment channels. Also held by the program itself.</summary>
    public const string Bills = "payments.bills";

    /// <summary>See and hand in own shifts.</summary>
    public const string Shift = "payments.shift";

    /// <summary>See everybody's shifts.</summary>
    public const string Shifts = "payments.shifts";

    /// <summary>Take over or give back what others handed in, and hand in for who has left.</summary>
    public const string ConfirmShift = "payments.confirm-shift";

    /// <summary>Print receipts.</summary>
    public const string Receipts = "payments.receipts";

    /// <summary>See payments.</summary>
    public const string View = "payments.view";
}
