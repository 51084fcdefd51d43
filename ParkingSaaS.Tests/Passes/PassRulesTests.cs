using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;

namespace ParkingSaaS.Tests.Passes;

/// <summary>What a cancelled pass gives back, and which state follows which.</summary>
public sealed class PassRulesTests
{
    /// <summary>Of 10.01 yuan for 3 days two days are 6.6733…; rounded once over all periods.</summary>
    [Theory]
    [InlineData(1001, 3, 2, 667)]
    [InlineData(1, 2, 1, 1)]
    [InlineData(100, 7, 7, 100)]
    [InlineData(100, 7, 0, 0)]
    public void Shares_by_days_are_rounded_once_halves_up(long minor, int days, int left, long refund)
    {
        var from = new DateOnly(2026, 11, 21);
        var until = from.AddDays(days - 1);
        PassPeriod Period(PassPeriodState state) => new()
        {
            Id = Guid.NewGuid(),
            LotId = default,
            PassId = default,
            From = from,
            Until = until,
            Terms = 1,
            Days = days,
            ListPrice = new Money(minor + 9),
            Discount = new Money(9),
            CreatedAt = default,
            By = "",
            State = state
        };
        Assert.Equal(new Money(refund), AskCancel.RefundOf(
            [Period(PassPeriodState.Paid), Period(PassPeriodState.Open), Period(PassPeriodState.Lapsed)], until.AddDays(1 - left)));
    }

    [Fact]
    public void States_change_as_the_table_says()
    {
        var pass = new Pass
        {
            Id = default,
            LotId = default,
            ProductId = default,
            Holder = "",
            Phone = "",
            SoldBy = "",
            CreatedAt = default,
            State = PassState.Cancelled
        };
        Assert.Throws<InvalidOperationException>(() => pass.Go(PassState.Active));
        Assert.False(PassTransitions.Allows(PassState.PendingReview, PassState.Active));
        Assert.True(PassTransitions.Allows(PassState.CancelAgreed, PassState.Cancelled));
    }
}
