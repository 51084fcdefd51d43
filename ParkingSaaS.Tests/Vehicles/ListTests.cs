using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Vehicles;

/// <summary>What the lists decide at entry and exit, in their order, and who may put plates on them.</summary>
public sealed class ListTests(Cluster cluster) : IAsyncLifetime
{
    const string Car = "粤B12345";
    static readonly DateOnly Today = new(2026, 11, 21);
    static CancellationToken Ct => TestContext.Current.CancellationToken;
    Day day = null!;
    Actor admin = null!;

    public async ValueTask InitializeAsync()
    {
        day = new Day(await cluster.NewPlatformAsync());
        admin = day.City.User(VehiclePermissions.ManageLists);
    }

    public async ValueTask DisposeAsync()
    {
        await day.OtherCityIsUntouchedAsync();
        await day.Platform.DisposeAsync();
    }

    Task<Result<int>> ListAsync(PlateListKind kind, string plate, Actor? actor = null, Guid[]? lots = null, DateOnly? from = null, DateOnly? until = null,
        string reason = "why") =>
        day.Platform.Get<SavePlateRules>().RunAsync(actor ?? admin, new(null, kind, [plate], lots ?? [], from, until, reason), Ct);

    async Task<Order> StayAsync()
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        return await day.OrderAsync();
    }

    [Theory]
    [InlineData(PlateListKind.White, Car, "whiteList")]
    [InlineData(PlateListKind.White, "粤b·12345", "whiteList")]
    [InlineData(PlateListKind.Special, "粤B*5", "specialPlate")]
    public async Task A_listed_car_leaves_free_and_its_order_says_why(PlateListKind kind, string plate, string note)
    {
        Assert.Equal(1, (await ListAsync(kind, plate)).Value);
        var order = await StayAsync();
        Assert.Equal((OrderState.Completed, Money.Zero), (order.State, order.Receivable));
        Assert.Contains(note, order.FeeLines);
        Assert.Contains("why", order.FeeLines);
        Assert.Equal([DeviceCommand.OpenGate, DeviceCommand.OpenGate], day.Commands());
    }

    [Fact]
    public async Task The_tariff_decides_of_all_others()
    {
        Assert.True((await ListAsync(PlateListKind.White, "粤B54321")).Ok);
        Assert.True((await ListAsync(PlateListKind.White, Car, lots: [day.City.South.Id])).Ok);
        Assert.True((await ListAsync(PlateListKind.White, Car, until: Today.AddDays(-1))).Ok);
        Assert.True((await ListAsync(PlateListKind.Special, "*警")).Ok);
        Assert.Equal(new Money(700), (await StayAsync()).Owed);
    }

    [Fact]
    public async Task The_black_list_keeps_the_gate_closed()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes")).Ok);
        await day.EnterAsync(Car, 0);
        Assert.Empty(await day.OrdersAsync());
        Assert.Equal(PassageOutcome.Refused, Assert.Single(await day.PassagesAsync()).Outcome);
        Assert.Empty(day.Commands());
    }

    [Fact]
    public async Task The_black_list_is_asked_before_the_white_one()
    {
        await day.EnterAsync(Car, 0);
        Assert.True((await ListAsync(PlateListKind.White, Car)).Ok);
        Assert.True((await ListAsync(PlateListKind.Special, "粤B*")).Ok);
        Assert.True((await ListAsync(PlateListKind.Black, Car, reason: "owes")).Ok);
        await day.LeaveAsync(Car, 61);
        var order = await day.OrderAsync();
        Assert.Equal(new Money(700), order.Owed);
        Assert.Contains("blackList", order.FeeLines);
        Assert.Contains("owes", order.FeeLines);
    }

    [Fact]
    public async Task A_person_lets_a_black_listed_car_in_and_the_order_is_marked()
    {
        Assert.True((await ListAsync(PlateListKind.Black, Car)).Ok);
        Assert.True((await day.Platform.Get<PassByHand>().RunAsync(day.City.User(OrderPermissions.Booth),
            new(Guid.CreateVersion7(), day.City.Entry.Id, true, Car), Ct)).Ok);
        Assert.True((await day.OrderAsync()).Anomalies.HasFlag(OrderAnomaly.Blacklisted));
    }

    [Fact]
    public async Task Who_sees_one_lot_lists_for_that_lot_only()
    {
        var north = day.City.RestrictedTo(day.City.North, VehiclePermissions.ManageLists);
        Assert.Equal(new InvalidField("LotIds", "required"), (await ListAsync(PlateListKind.White, Car, north)).Error);
        Assert.Equal(new NotFound("lot"), (await ListAsync(PlateListKind.White, Car, north, [day.City.South.Id])).Error);
        Assert.True((await ListAsync(PlateListKind.White, Car, north, [day.City.North.Id])).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B11111")).Ok);
        Assert.True((await ListAsync(PlateListKind.White, "粤B22222", lots: [day.City.South.Id])).Ok);
        await using (var s = await day.Platform.Get<CitySessions>().OpenAsync(north, VehiclePermissions.ManageLists, Ct))
        {
            var seen = await s.Db.PlateRules.OrderBy(r => r.Pattern).ToListAsync(Ct);
            Assert.Equal(["粤B11111", Car], seen.Select(r => r.Pattern));
            Assert.Equal(new NotFound("entry"), (await day.Platform.Get<RemovePlateRule>().RunAsync(north, seen[0].Id, Ct)).Error);
            Assert.True((await day.Platform.Get<RemovePlateRule>().RunAsync(north, seen[1].Id, Ct)).Ok);
        }
        Assert.Equal(new Money(700), (await StayAsync()).Owed);
    }

    [Fact]
    public async Task Bad_entries_are_named()
    {
        Assert.Equal(new InvalidField("Plates", "required"), (await ListAsync(PlateListKind.White, " ")).Error);
        Assert.Equal(new InvalidField("Plates", "invalid"), (await ListAsync(PlateListKind.White, "***")).Error);
        Assert.Equal(new InvalidField("Until", "out-of-range"), (await ListAsync(PlateListKind.White, Car, from: Today, until: Today.AddDays(-1))).Error);
        Assert.Equal(new InvalidField("Reason", "required"), (await ListAsync(PlateListKind.Black, Car, reason: "")).Error);
    }

    [Theory]
    [InlineData("粤B·12345", "粤B12345", PlateKind.Civil, PlateColour.Blue)]
    [InlineData("粤Ｂ１２３４５", "粤B12345", PlateKind.Civil, PlateColour.Blue)]
    [InlineData("粤BO234I", "粤B02341", PlateKind.Civil, PlateColour.Blue)]
    [InlineData("粤BD12345", "粤BD12345", PlateKind.NewEnergySmall, PlateColour.Green)]
    [InlineData("粤B12345D", "粤B12345D", PlateKind.NewEnergyLarge, PlateColour.YellowGreen)]
    [InlineData("京A1234警", "京A1234警", PlateKind.Police, PlateColour.White)]
    [InlineData("WJ粤12345", "WJ粤12345", PlateKind.ArmedPolice, PlateColour.White)]
    [InlineData("KA12345", "KA12345", PlateKind.Army, PlateColour.White)]
    [InlineData("使123456", "使123456", PlateKind.Embassy, PlateColour.Black)]
    [InlineData("沪A1234领", "沪A1234领", PlateKind.Consulate, PlateColour.Black)]
    [InlineData("粤B1234学", "粤B1234学", PlateKind.School, PlateColour.Yellow)]
    [InlineData("粤B1234挂", "粤B1234挂", PlateKind.Trailer, PlateColour.Yellow)]
    [InlineData("粤ZA123港", "粤ZA123港", PlateKind.HongKong, PlateColour.Black)]
    [InlineData("粤ZA123澳", "粤ZA123澳", PlateKind.Macau, PlateColour.Black)]
    [InlineData("粤S1234应急", "粤S1234应急", PlateKind.Emergency, PlateColour.White)]
    [InlineData("粤0312345", "粤0312345", PlateKind.Farm, PlateColour.Green)]
    public void A_plate_is_taken_apart(string text, string plate, PlateKind kind, PlateColour colour)
    {
        var parsed = PlateGrammar.Parse(text);
        Assert.Equal((plate, kind, colour), (parsed?.Text, parsed?.Kind, parsed?.Colours[0]));
    }

    [Theory, InlineData(null), InlineData("无牌"), InlineData("粤B1234"), InlineData("粤B123456"), InlineData("港B12345"), InlineData("ABCDEFG")]
    public void What_is_no_plate_is_none(string? text) => Assert.Null(PlateGrammar.Parse(text));
}
