using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Invoices;

namespace ParkingSaaS.Tests.Invoices;

/// <summary>What needs no database: tax numbers, the tax in a price, changes of state.</summary>
public sealed class InvoiceRulesTests
{
    [Theory]
    [InlineData("91440300MA5TEXT005", "91440300MA5TEXT005")] // a company's credit code
    [InlineData(" 91440300MA5DEMQ01h ", "91440300MA5DEMQ01H")]
    [InlineData("11010519491231002X", "11010519491231002X")] // a sole trader's identity card
    [InlineData("440300192203821", "440300192203821")] // of 15 as they once were
    [InlineData("44030019220382112345", "44030019220382112345")]
    [InlineData("91440300MA5TEXT001", null)] // another check character
    [InlineData("91440300MA5TEXT00O", null)] // a letter that credit codes do not have
    [InlineData("110105194912310021", null)]
    [InlineData("44030019220382", null)]
    [InlineData("440300192203821123456", null)]
    [InlineData("4403001922038 21", null)]
    [InlineData("４４０３００１９２２０３８２１", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Tax_numbers_are_known_by_their_form_and_check_character(string? text, string? number) => Assert.Equal(number, TaxNumber.Normalize(text));

    [Theory, InlineData(700, 900, 642), InlineData(1, 900, 1), InlineData(6, 900, 6), InlineData(109, 900, 100), InlineData(105, 500, 100),
        InlineData(1000, 500, 952), InlineData(3, 10000 - 1, 2), InlineData(700, 0, 700), InlineData(999_999_999_999, 900, 917_431_192_660)]
    public void The_tax_is_what_is_left_of_the_price(long gross, int rate, long net) => Assert.Equal(new Money(net), InvoiceTax.Net(new Money(gross), rate));

    [Fact]
    public void Half_a_unit_of_the_price_without_tax_is_rounded_up() => Assert.Equal(new Money(1), InvoiceTax.Net(new Money(1), 9999));

    [Fact]
    public void What_is_reversed_or_given_up_stays_so() => Assert.All(Enum.GetValues<InvoiceState>(), to =>
    {
        Assert.False(InvoiceTransitions.Allows(InvoiceState.Reversed, to));
        Assert.False(InvoiceTransitions.Allows(InvoiceState.GivenUp, to));
    });

    [Fact]
    public void Every_state_but_the_first_can_be_reached()
    {
        var reached = new HashSet<InvoiceState> { InvoiceState.Asked };
        for (var before = 0; before < reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(Enum.GetValues<InvoiceState>().Where(to => reached.Any(from => InvoiceTransitions.Allows(from, to))).ToList());
        }
        Assert.Equal(Enum.GetValues<InvoiceState>().ToHashSet(), reached);
    }
}
