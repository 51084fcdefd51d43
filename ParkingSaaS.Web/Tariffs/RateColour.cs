using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>The colour of a rule wherever a tariff is drawn.</summary>
static class RateColour
{
    /// <summary>A class of the style sheet; rules that charge nothing, and times without one, have a colour of their own.</summary>
    public static string Of(Tariff tariff, TariffRule? rule) => rule is null or { Charge: FreeCharge } ? "rate-free"
        : $"rate-{tariff.Rules.TakeWhile(r => r.Id != rule.Id).Count() % 6}";
}
