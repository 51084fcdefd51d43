using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments.Shifts;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Payments.Shifts;

/// <summary>How pages word shifts.</summary>
static class ShiftWords
{
    public static BadgeTone Tone(ShiftState state) => state switch
    {
        ShiftState.Open => BadgeTone.Info,
        ShiftState.HandedIn => BadgeTone.Warning,
        ShiftState.GivenBack => BadgeTone.Danger,
        _ => BadgeTone.Success
    };

    /// <summary>A difference with its sign, <c>+¥1.00</c>.</summary>
    public static string Signed(this Money difference, PageCurrency currency) => (difference > Money.Zero ? "+" : "") + difference.In(currency);
}
