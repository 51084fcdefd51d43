using System.Linq.Expressions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Payments;

/// <summary>An entry of the ledger: an amount that goes from one account to another. As each has both sides, the accounts of every lot sum to
/// zero. The database keeps entries as they are: what was wrong is put right by another one.</summary>
public sealed class Posting : ILotOwned
{
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>When it was posted.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The city's calendar day of that.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The account that it goes to, one of <see cref="Account"/>.</summary>
    public required string Debit { get; init; }

    /// <summary>The account that it comes from, one of <see cref="Account"/>.</summary>
    public required string Credit { get; init; }

    /// <summary>More than nothing.</summary>
    public required Money Amount { get; init; }

    /// <summary>What the payable thing is: the code of its <see cref="IPayable"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The order or other payable thing.</summary>
    public required Guid PayableId { get; init; }

    /// <summary>The payment that it enters, which is entered once; null where a claim arose or changed.</summary>
    public Guid? PaymentId { get; init; }

    /// <summary>What the entry charges: less than nothing where a charge is given back. All sums of what was charged go by this.</summary>
    public static readonly Expression<Func<Posting, long>> Charges =
        p => p.Credit == Account.Income ? p.Amount.Minor : p.Debit == Account.Income ? -p.Amount.Minor : 0;

    /// <summary>What the entry takes in: less than nothing where it is paid back. All sums of what was received go by this.</summary>
    public static readonly Expression<Func<Posting, long>> Receipts =
        p => p.PaymentId == null ? 0 : p.Debit.StartsWith(Account.Money) ? p.Amount.Minor : -p.Amount.Minor;

    /// <summary>What the entry brings to an account: less than nothing where it takes from it.</summary>
    public static Expression<Func<Posting, long>> To(string account) =>
        p => p.Debit == account ? p.Amount.Minor : p.Credit == account ? -p.Amount.Minor : 0;
}

/// <summary>The accounts of the ledger.</summary>
public static class Account
{
    /// <summary>What drivers owe: what is charged and neither paid, nor let go, nor given up.</summary>
    public const string Receivable = "receivable";

    /// <summary>What drivers paid in advance, or too much: less than nothing, as it is owed to them.</summary>
    public const string Prepaid = "prepaid";

    /// <summary>What was charged.</summary>
    public const string Income = "income";

    /// <summary>What was let go of what was charged.</summary>
    public const string Discount = "discount";

    /// <summary>What was given up of what was charged.</summary>
    public const string WrittenOff = "written-off";

    /// <summary>What of the takings belongs to parties.</summary>
    public const string Shares = "shares";

    /// <summary>What parties have not got of it yet: less than nothing, as it is owed to them.</summary>
    public const string Parties = "parties";

    /// <summary>What parties have got, from the accounts that hold money as their owner sees them: which one it left is the bank's matter.</summary>
    public const string PaidOut = "paid-out";

    /// <summary>How the accounts begin that hold money.</summary>
    public const string Money = "money:";

    /// <summary>The account of what was paid by a method: <c>money:cash</c>, …</summary>
    public static string Of(string method) => Money + method;
}
