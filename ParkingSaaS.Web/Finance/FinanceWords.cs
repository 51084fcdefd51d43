using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Web.Payments;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Finance;

/// <summary>How pages word the books.</summary>
static class FinanceWords
{
    /// <summary>The name of an account of the ledger.</summary>
    public static string Account(this IStringLocalizer<Texts> texts, string account) =>
        account.StartsWith(Core.Payments.Account.Money, StringComparison.Ordinal)
            ? texts.Method(account[Core.Payments.Account.Money.Length..])
            : texts["account." + account];

    /// <summary>Where a review stands; of one that is open, whose turn it is.</summary>
    /// <param name="refund">How far what goes back by a channel is; null for all else.</param>
    public static string Stands(this IStringLocalizer<Texts> texts, ReviewState state, ReviewSteps next, PaymentState? refund) => (state, refund) switch
    {
        (ReviewState.Open, _) => texts["Waits for: {0}", texts.Of(next)],
        (_, PaymentState.Pending) => texts["Refund under way"],
        (_, PaymentState.Failed) => texts["Refund failed"],
        _ => texts.Of(state)
    };

    public static BadgeTone Tone(ReviewState state, PaymentState? refund) => (state, refund) switch
    {
        (_, PaymentState.Pending) => BadgeTone.Warning,
        (_, PaymentState.Failed) => BadgeTone.Danger,
        _ => Tone(state)
    };

    static BadgeTone Tone(ReviewState state) => state switch
    {
        ReviewState.Open => BadgeTone.Warning,
        ReviewState.Agreed => BadgeTone.Success,
        _ => BadgeTone.Light
    };
}
