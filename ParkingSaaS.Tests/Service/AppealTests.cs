using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Service;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Files;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Service;

/// <summary>What drivers find wrong, who answers, and that what follows is done by the use cases of orders and reviews.</summary>
public sealed class AppealTests(Cluster cluster) : DayTest(cluster)
{
    const string Car = "粤B12345";
    static readonly byte[] Note = ImageFileTests.Chunk("tEXt", [1, 2, 3]);
    static readonly byte[] Picture =
        [.. ImageFileTests.PngSignature, .. ImageFileTests.Chunk("IHDR", new byte[13]), .. Note, .. ImageFileTests.Chunk("IEND", [])];

    Actor Staff => field ??= City.User(ServicePermissions.View, ServicePermissions.Decide, OrderPermissions.ChangeAmount, OrderPermissions.Void,
        FinancePermissions.Ask);

    Actor Driver => Actor.Driver(City.Code, ServicePermissions.Appeal);

    /// <summary>A stay that costs ¥7.00, and who has left or paid.</summary>
    async Task<Order> StayAsync(bool paid)
    {
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        if (paid)
            Assert.True((await day.CashAsync(await day.OrderAsync(), 700)).Ok);
        return await day.OrderAsync();
    }

    static AppealRequest Request(Order order, params byte[][] photos) =>
        new(Guid.CreateVersion7(), order.Id, AppealReason.WrongFee, "the board says five", "13812345678", photos);

    Task<Result<Done>> FileAsync(AppealRequest request) => platform.Get<FileAppeal>().RunAsync(Driver, request, Ct);

    Task<Result<Done>> AnswerAsync(Guid id, AppealRemedy remedy, long? amount = null, string? words = "we looked at it", Actor? who = null) =>
        platform.Get<DecideAppeal>().RunAsync(who ?? Staff, new AppealAnswer(id, remedy, amount is { } due ? new Money(due) : null, words), Ct);

    async Task<Appeal> AppealAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Appeal>().AsNoTracking().SingleAsync(Ct);
    }

    async Task<List<Review>> ReviewsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<Review>().AsNoTracking().ToListAsync(Ct);
    }

    async Task<List<Guid>> AppealedAsync()
    {
        await using var s = await City.OpenAsync();
        return await AppealedOrders.Of(s).ToListAsync(Ct);
    }

    [Fact]
    public async Task One_appeal_is_open_with_its_pictures_and_nothing_that_a_camera_notes_besides()
    {
        var order = await StayAsync(paid: true);
        var request = Request(order, Picture, Picture);
        Assert.True((await FileAsync(request)).Ok);
        Assert.True((await FileAsync(request)).Ok);
        Assert.IsType<AppealOpen>((await FileAsync(Request(order))).Error);
        Assert.Equal((AppealState.Open, "+8613812345678"), ((await AppealAsync()).State, (await AppealAsync()).Phone));
        Assert.Equal([order.Id], await AppealedAsync());
        await using var s = await City.OpenAsync();
        var kept = await s.Db.Set<AppealPhoto>().ToListAsync(Ct);
        Assert.Equal(["image/png", "image/png"], kept.Select(p => p.ContentType));
        Assert.All(kept, p => Assert.Equal(Picture.Length - Note.Length, p.Content.Length));
        Assert.Equal(1, await s.Db.Set<OrderOperation>().CountAsync(o => o.Kind == OrderOperationKind.AppealFiled, Ct));
    }

    [Fact]
    public async Task Two_browsers_at_once_file_one()
    {
        var order = await StayAsync(paid: false);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => FileAsync(Request(order))));
        Assert.Single(answers, a => a.Ok);
        Assert.All(answers.Where(a => !a.Ok), a => Assert.IsType<AppealOpen>(a.Error));
    }

    [Theory]
    [InlineData("text", "Text"), InlineData("phone", "Phone"), InlineData("none", "Photos"), InlineData("cut", "Photos"), InlineData("many", "Photos"),
        InlineData("large", "Photos"), InlineData("reason", "Reason")]
    public async Task What_is_none_is_refused_beside_its_field(string what, string field)
    {
        var good = Request(await StayAsync(paid: true), Picture);
        var bad = what switch
        {
            "text" => good with { Reason = AppealReason.Other, Text = " " },
            "phone" => good with { Phone = "12" },
            "none" => good with { Photos = [Picture, "MZ this is a program"u8.ToArray()] },
            "cut" => good with { Photos = [Picture[..^10]] },
            "many" => good with { Photos = [Picture, Picture, Picture, Picture] },
            "large" => good with { Photos = [[.. Picture, .. new byte[FileAppeal.MaxBytes]]] },
            _ => good with { Reason = (AppealReason)99 }
        };
        Assert.Equal(field, Assert.IsType<InvalidField>((await FileAsync(bad)).Error).Field);
        Assert.Empty(await AppealedAsync());
    }

    [Fact]
    public async Task A_refusal_says_why_and_changes_nothing_else()
    {
        var order = await StayAsync(paid: true);
        var request = Request(order);
        Assert.True((await FileAsync(request)).Ok);
        Assert.Equal("Answer", Assert.IsType<InvalidField>((await AnswerAsync(request.Id, AppealRemedy.Refuse, words: " ")).Error).Field);
        Assert.True((await AnswerAsync(request.Id, AppealRemedy.Refuse)).Ok);
        Assert.True((await AnswerAsync(request.Id, AppealRemedy.Refuse)).Ok);
        Assert.IsType<AppealAnswered>((await AnswerAsync(request.Id, AppealRemedy.None)).Error);
        Assert.Equal((AppealState.Refused, "we looked at it"), ((await AppealAsync()).State, (await AppealAsync()).Answer));
        Assert.Equal(700, (await day.OrderAsync()).Due.Minor);
        Assert.Empty(await AppealedAsync());
        Assert.True((await FileAsync(Request(order))).Ok); // another reason may be a better one
    }

    [Fact]
    public async Task What_was_paid_too_much_is_asked_back_by_the_citys_review()
    {
        var order = await StayAsync(paid: true);
        var request = Request(order);
        Assert.True((await FileAsync(request)).Ok);
        Assert.Equal("Amount", Assert.IsType<InvalidField>((await AnswerAsync(request.Id, AppealRemedy.Amount)).Error).Field);
        Assert.Equal("Amount", Assert.IsType<InvalidField>((await AnswerAsync(request.Id, AppealRemedy.Amount, 701)).Error).Field);
        Assert.Equal(AppealState.Open, (await AppealAsync()).State);
        Assert.True((await AnswerAsync(request.Id, AppealRemedy.Amount, 500)).Ok);
        Assert.True((await AnswerAsync(request.Id, AppealRemedy.Amount, 500)).Ok);
        Assert.Equal((500, 700), ((await day.OrderAsync()).Due.Minor, (await day.OrderAsync()).Received.Minor));
        var review = Assert.Single(await ReviewsAsync());
        Assert.Equal((ReviewState.Open, 200, order.Id, Staff.Id), (review.State, review.Amount.Minor, review.OrderId, review.AskedById));
        var finance = City.User(FinancePermissions.Reviews, FinancePermissions.ReviewAsFinance);
        Assert.True((await platform.Get<DecideReview>().RunAsync(finance, new ReviewAnswer(review.Id, ReviewSteps.Finance, true, "", "T-1"), Ct)).Ok);
        Assert.Equal(500, (await day.OrderAsync()).Received.Minor);
    }

    [Fact]
    public async Task Who_owes_owes_less_or_nothing_then()
    {
        var request = Request(await StayAsync(paid: false));
        Assert.True((await FileAsync(request)).Ok);
        Assert.True((await AnswerAsync(request.Id, AppealRemedy.Amount, 300)).Ok);
        Assert.Equal(300, (await day.OrderAsync()).Owed.Minor);
        Assert.Empty(await ReviewsAsync());
        var again = Request(await day.OrderAsync());
        Assert.True((await FileAsync(again)).Ok);
        Assert.True((await AnswerAsync(again.Id, AppealRemedy.Void)).Ok);
        Assert.Equal(OrderState.Void, (await day.OrderAsync()).State);
    }

    [Fact]
    public async Task Who_may_not_change_orders_may_not_by_way_of_appeals()
    {
        var request = Request(await StayAsync(paid: false));
        Assert.True((await FileAsync(request)).Ok);
        var clerk = City.User(ServicePermissions.Decide);
        await Assert.ThrowsAsync<AccessDeniedException>(() => AnswerAsync(request.Id, AppealRemedy.Void, who: clerk));
        await Assert.ThrowsAsync<AccessDeniedException>(() => AnswerAsync(request.Id, AppealRemedy.Amount, 300, who: clerk));
        Assert.Equal((AppealState.Open, 700), ((await AppealAsync()).State, (await day.OrderAsync()).Owed.Minor));
        Assert.True((await AnswerAsync(request.Id, AppealRemedy.Refuse, who: clerk)).Ok);
    }

    [Fact]
    public async Task Nobody_appeals_against_nothing()
    {
        await day.EnterAsync(Car, 0);
        Assert.IsType<NothingToAppeal>((await FileAsync(Request(await day.OrderAsync()))).Error);
    }
}
