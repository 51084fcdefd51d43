using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Passes;

namespace ParkingSaaS.Tests.Passes;

/// <summary>Dates and prices of what is sold.</summary>
public sealed class OfferTests
{
    static PassProduct Product(PassTerm term, bool natural = false) =>
        new() { Id = Guid.NewGuid(), Name = "p", ChangedBy = "t", ChangedAt = default, Term = term, Natural = natural, Price = new Money(30000) };

    /// <summary>PAS-1: day, month, quarter and year, of the calendar or rolling.</summary>
    [Theory]
    [InlineData(PassTerm.Day, false, "2026-11-21", 1, "2026-11-21", 30000)]
    [InlineData(PassTerm.Day, false, "2026-11-21", 10, "2026-11-30", 300000)]
    [InlineData(PassTerm.Month, false, "2026-11-21", 1, "2026-12-20", 30000)]
    [InlineData(PassTerm.Month, false, "2027-01-31", 1, "2027-02-28", 30000)]
    [InlineData(PassTerm.Month, false, "2027-01-30", 1, "2027-02-28", 30000)]
    [InlineData(PassTerm.Month, false, "2028-01-31", 1, "2028-02-29", 30000)]
    [InlineData(PassTerm.Month, false, "2027-02-01", 2, "2027-03-31", 60000)]
    [InlineData(PassTerm.Quarter, false, "2026-11-21", 1, "2027-02-20", 30000)]
    [InlineData(PassTerm.Year, false, "2028-02-29", 1, "2029-02-28", 30000)]
    [InlineData(PassTerm.Month, true, "2026-11-01", 1, "2026-11-30", 30000)]
    [InlineData(PassTerm.Month, true, "2026-11-21", 1, "2026-11-30", 10000)]
    [InlineData(PassTerm.Month, true, "2026-11-21", 3, "2027-01-31", 70000)]
    [InlineData(PassTerm.Month, true, "2026-12-31", 1, "2026-12-31", 968)]
    [InlineData(PassTerm.Quarter, true, "2026-11-21", 1, "2026-12-31", 13370)]
    [InlineData(PassTerm.Year, true, "2026-07-01", 2, "2027-12-31", 45123)]
    public void Terms_end_on_their_day_and_cost_their_share(PassTerm term, bool natural, string from, int terms, string until, long minor)
    {
        var offer = PassOffer.Of(Product(term, natural), DateOnly.Parse(from, null), terms);
        Assert.Equal((DateOnly.Parse(until, null), new Money(minor)), (offer.Until, offer.Price));
    }

    /// <summary>However terms are bought, in one go or one after the other, they end on the same day.</summary>
    [Fact]
    public void Terms_end_on_the_same_day_by_every_road()
    {
        var random = new Random(20261130);
        foreach (var (term, most) in new[] { (PassTerm.Month, 30), (PassTerm.Quarter, 10), (PassTerm.Year, 5) })
            for (var from = new DateOnly(2026, 11, 1); from < new DateOnly(2028, 4, 1); from = from.AddDays(1))
            {
                var product = Product(term);
                PassOffer? before = null;
                for (var terms = 0; terms < most;)
                {
                    var more = random.Next(1, 4);
                    var next = before is null ? PassOffer.Of(product, from, more)
                        : RenewPass.Offer(before.Until, before.TermDay, product, before.Until, more);
                    if (before is not null)
                        Assert.Equal(before.Until.AddDays(1), next.From);
                    (terms, before) = (terms + more, next);
                    var once = PassOffer.Of(product, from, terms);
                    Assert.True((once.Until, once.TermDay) == (next.Until, next.TermDay), $"{term} from {from:O}, {terms}: {once.Until:O}, {next.Until:O}");
                }
            }
    }

    [Fact]
    public void Days_that_are_given_begin_the_count_anew()
    {
        var product = Product(PassTerm.Month);
        (product.OfferTerms, product.OfferDays) = (1, 1);
        var first = PassOffer.Of(product, new DateOnly(2027, 1, 31), 1);
        Assert.Equal((new DateOnly(2027, 3, 1), null), (first.Until, first.TermDay));
    }

    /// <summary>PAS-3: the offer counts from its number of terms on.</summary>
    [Theory, InlineData(2, "2027-01-20", 60000, 0), InlineData(3, "2027-02-25", 90000, 9900), InlineData(4, "2027-03-25", 120000, 13200)]
    public void An_offer_takes_something_off_or_gives_days(int terms, string until, long list, long discount)
    {
        var product = Product(PassTerm.Month);
        (product.OfferTerms, product.OfferPercent, product.OfferDays) = (3, 11, 5);
        var offer = PassOffer.Of(product, Desk.Today, terms);
        Assert.Equal((DateOnly.Parse(until, null), new Money(list), new Money(discount), new Money(list - discount)),
            (offer.Until, offer.ListPrice, offer.Discount, offer.Price));
    }
}
