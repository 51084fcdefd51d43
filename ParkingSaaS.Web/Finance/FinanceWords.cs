using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Web.Payments;

namespace ParkingSaaS.Web.Finance;

/// <summary>How pages word the books.</summary>
static class FinanceWords
{
    /// <summary>The name of an account of the ledger.</summary>
    public static string Account(this IStringLocalizer<Texts> texts, string account) =>
        account.StartsWith(Core.Payments.Account.Money, StringComparison.Ordinal)
            ? texts.Method(account[Core.Payments.Account.Money.Length..])
            : texts["account." + account];
}
