using System.Text.Json;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Web.Shell;
using ParkingSaaS.Web.Tariffs;

namespace ParkingSaaS.Web.Orders;

/// <summary>How pages speak of cars that come and go: one that waits at a closed exit has not left.</summary>
static class OrderWords
{
    /// <summary>Whether a car that was seen on its way out waits at the exit to pay.</summary>
    /// <param name="state">Where its order stands now.</param>
    public static bool Waits(bool entering, PassageOutcome outcome, OrderState? state) =>
        !entering && outcome is PassageOutcome.Closed or PassageOutcome.Repeated && state is OrderState.AwaitingPayment;

    /// <summary>What came of a passage.</summary>
    /// <param name="order">Its order as it is now.</param>
    public static string Outcome(this IStringLocalizer<Texts> texts, bool entering, PassageOutcome outcome, Order? order, PageNames names) =>
        Waits(entering, outcome, order?.State) ? texts["At the exit, to pay"]
        : outcome is PassageOutcome.Closed && order is { State: OrderState.Completed, FeeLines: { } fee } && order.Receivable == Money.Zero
            ? texts.WhyFree(JsonSerializer.Deserialize<FeeQuote>(fee, TariffJson.Options)!, names)
        : texts.Of(outcome);

    /// <summary>How good it is what came of a passage.</summary>
    /// <param name="order">Its order as it is now.</param>
    public static BadgeTone Tone(bool entering, PassageOutcome outcome, Order? order) =>
        outcome is PassageOutcome.Opened or PassageOutcome.Closed or PassageOutcome.Repeated && !Waits(entering, outcome, order?.State)
            ? BadgeTone.Success : BadgeTone.Warning;

    /// <summary>What the time is called at which a car left, or came to the exit where it still waits.</summary>
    public static string Left(this IStringLocalizer<Texts> texts, OrderState state) =>
        state is OrderState.AwaitingPayment ? texts["At the exit"] : texts["Left"];

    /// <summary>Why a stay is doubted.</summary>
    public static string Doubts(this IStringLocalizer<Texts> texts, StayDoubt doubts) =>
        string.Join(" · ", Enum.GetValues<StayDoubt>().Where(d => d is not StayDoubt.None && doubts.HasFlag(d)).Select(d => texts.Of(d)));

    /// <summary>All anomalies of an order, by name.</summary>
    public static string Anomalies(this IStringLocalizer<Texts> texts, OrderAnomaly anomalies) =>
        string.Join(" · ", Enum.GetValues<OrderAnomaly>().Where(a => a is not OrderAnomaly.None && anomalies.HasFlag(a)).Select(a => texts.Of(a)));
}
