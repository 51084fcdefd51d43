using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Orders;
using static ParkingSaaS.Core.Orders.PassageOutcome;

namespace ParkingSaaS.Tests.Orders;

/// <summary>What readings come to, on each side of every bound. Times are minutes.</summary>
public sealed class TimelineTests
{
    const double Tick = 1 / 60_000_000.0; // a microsecond, the finest that is kept

    static readonly DateTimeOffset Begin = new(2026, 11, 21, 1, 0, 0, TimeSpan.Zero);

    static DateTimeOffset At(double minute) => Begin.AddTicks((long)Math.Round(minute * TimeSpan.TicksPerMinute));

    static Passage In(double minute, PassageOutcome outcome = Opened, Guid? order = null, Guid? lane = null, int id = 0) =>
        Seen(true, minute, outcome, order, lane, id);

    static Passage Out(double minute, PassageOutcome outcome = Closed, Guid? order = null, Guid? lane = null, int id = 0) =>
        Seen(false, minute, outcome, order, lane, id);

    static Passage Seen(bool entering, double minute, PassageOutcome outcome, Guid? order, Guid? lane, int id) => new()
    {
        Id = new Guid(id, 0, 0, new byte[8]),
        LotId = Guid.Empty,
        LaneId = lane,
        Entering = entering,
        At = At(minute),
        Outcome = outcome,
        OrderId = order
    };

    static Order Paid(double from, double to, double? seenUntil = null) => new()
    {
        Id = Guid.NewGuid(),
        LotId = Guid.Empty,
        State = OrderState.Completed,
        EnteredAt = At(from),
        ExitedAt = At(to),
        SeenUntil = seenUntil is { } last ? At(last) : null,
        BusinessDate = default,
        CreatedAt = At(from)
    };

    static string Told(IEnumerable<SeenStay> stays) =>
        string.Join(" ", stays.Select(s => s.Settled is null ? $"{Minute(s.Entry?.At)}-{Minute(s.Exit?.At)}" : "paid"));

    static string Minute(DateTimeOffset? at) => at is { } seen ? $"{(seen - Begin).TotalMinutes:0.#}" : "?";

    static List<SeenStay> Read(bool berth, IReadOnlyList<Order> settled, params Passage[] readings) => Timeline.Read(readings, settled, berth);

    static List<SeenStay> Read(params Passage[] readings) => Read(berth: false, [], readings);

    [Theory]
    [InlineData(true, false, Opened)]
    [InlineData(true, true, Opened)]
    [InlineData(false, false, NoEntry)]
    [InlineData(false, true, Superseded)]
    public void First_comes_an_entry(bool entering, bool berth, PassageOutcome outcome) => Assert.Equal(outcome, Timeline.Next(null, berth, entering, At(0)));

    [Theory]
    [InlineData(1, false, Repeated)]
    [InlineData(1 + Tick, false, Opened)]
    [InlineData(600, true, Repeated)]
    public void A_car_that_is_in_is_read_again_within_a_minute_of_its_last_reading_and_a_berth_says_it_ever_again(
        double after, bool berth, PassageOutcome outcome)
    {
        var open = new StaySpan(null, At(5));
        Assert.Equal(outcome, Timeline.Next(open, berth, entering: true, At(5 + after)));
        Assert.Equal(Closed, Timeline.Next(open, berth, entering: false, At(5 + after)));
    }

    [Theory]
    [InlineData(10, 25, false, Repeated)]
    [InlineData(10, 25 + Tick, false, NoEntry)]
    [InlineData(25, 26, false, Repeated)]
    [InlineData(25, 26 + Tick, false, NoEntry)]
    [InlineData(10, 11, true, Repeated)]
    [InlineData(10, 11 + Tick, true, Superseded)]
    public void Who_has_left_is_read_for_a_quarter_of_an_hour_and_a_minute_after_the_last_time(double seen, double at, bool berth, PassageOutcome outcome)
    {
        var over = new StaySpan(At(10), At(seen));
        Assert.Equal(outcome, Timeline.Next(over, berth, entering: false, At(at)));
        Assert.Equal(Opened, Timeline.Next(over, berth, entering: true, At(at)));
    }

    [Fact]
    public void Of_one_instant_that_counts_first_which_fits_what_was_before()
    {
        Assert.Equal("10-10", Told(Read(Out(10), In(10))));
        Assert.Equal("0-10 10-20", Told(Read(Out(10), In(10), In(0), Out(20))));
        Assert.Equal("0-10 10-20", Told(Read(In(10), Out(10), In(0), Out(20))));
        Assert.Equal("0-5 10-10", Told(Read(In(0), Out(5), Out(10), In(10))));
    }

    [Fact]
    public void Of_one_instant_and_direction_the_smaller_lane_counts_first_and_then_the_smaller_id()
    {
        var (one, two) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        Passage[] readings = [In(0, lane: two, id: 1), In(0, lane: one, id: 3), In(0, lane: one, id: 2)];
        foreach (var told in new[] { readings, [.. readings.Reverse()] })
            Assert.Equal((one, readings[2].Id), Assert.Single(Read(told)) is { Entry: var entry } ? (entry!.LaneId, entry.Id) : default);
    }

    [Fact]
    public void Who_was_refused_was_not_in() => Assert.Equal("?-10", Told(Read(In(0, Refused), Out(10))));

    [Fact]
    public void Who_turned_back_at_the_exit_has_not_left()
    {
        var stay = Assert.Single(Read(In(0), Out(60, TurnedBack), Out(180)));
        Assert.Equal((At(180), At(180)), (stay.Exit!.At, stay.Span.SeenUntil));
        Assert.Equal([Opened, TurnedBack, Closed], stay.Readings.Select(r => r.Outcome));
        Assert.Equal((null, At(0)), Assert.Single(Read(In(0), Out(60, TurnedBack))) is { Span: var span } ? (span.ExitedAt, span.SeenUntil) : default);
        Assert.Empty(Read(Out(60, TurnedBack)));
    }

    [Fact]
    public void A_berth_that_says_free_of_nothing_belongs_to_no_stay()
    {
        var free = Out(20, order: Guid.NewGuid());
        Assert.Equal("0-10", Told(Read(berth: true, [], In(0), Out(10), free)));
        Assert.Equal((Superseded, null), (free.Outcome, free.OrderId));
    }

    [Fact]
    public void A_stay_is_known_up_to_the_last_reading_of_the_end_that_it_has()
    {
        var stay = Assert.Single(Read(In(0), In(0.5), In(1.5)));
        Assert.Equal((null, At(1.5)), (stay.Span.ExitedAt, stay.Span.SeenUntil));
        Assert.False(stay.Contradicted);
        stay = Assert.Single(Read(In(0), In(0.5), Out(10), Out(11)));
        Assert.Equal((At(10), At(11)), (stay.Span.ExitedAt!.Value, stay.Span.SeenUntil));
        stay = Assert.Single(Read(Out(10)));
        Assert.Equal((At(10), At(10), NoEntry), (stay.Span.ExitedAt!.Value, stay.Span.SeenUntil, stay.Readings[0].Outcome));
    }

    [Fact]
    public void An_order_is_known_up_to_its_last_reading_its_exit_or_its_beginning()
    {
        Assert.Null(StaySpan.Of(null));
        Assert.Equal(new StaySpan(At(10), At(12)), StaySpan.Of(Paid(0, 10, seenUntil: 12)));
        var order = Paid(0, 10);
        Assert.Equal(new StaySpan(At(10), At(10)), StaySpan.Of(order));
        order.ExitedAt = null;
        Assert.Equal(new StaySpan(null, At(0)), StaySpan.Of(order));
    }

    /// <summary>A stay from 10 to 20 that was paid, and one reading more.</summary>
    [Theory]
    [InlineData(true, 10, false, Repeated)]
    [InlineData(true, 11, false, Repeated)]
    [InlineData(true, 11 + Tick, false, Superseded)]
    [InlineData(true, 11 + Tick, true, Repeated)]
    [InlineData(true, 20, false, Superseded)]
    [InlineData(false, 10, false, Superseded)]
    [InlineData(false, 19 - Tick, false, Superseded)]
    [InlineData(false, 19, false, Repeated)]
    [InlineData(false, 20, false, Repeated)]
    [InlineData(false, 19 - Tick, true, Superseded)]
    [InlineData(false, 19, true, Repeated)]
    public void What_lies_in_a_paid_stay_repeats_its_ends_or_contradicts_it(bool entering, double at, bool berth, PassageOutcome outcome)
    {
        var stay = Assert.Single(Read(berth, [Paid(10, 20)], entering ? In(at) : Out(at)));
        Assert.Equal((outcome, outcome is Superseded, At(20)), (Assert.Single(stay.Readings).Outcome, stay.Contradicted, stay.Span.SeenUntil));
    }

    [Fact]
    public void A_paid_stay_keeps_what_was_its_own_as_it_was()
    {
        var paid = Paid(10, 20);
        var stay = Assert.Single(Read(false, [paid],
            In(10, order: paid.Id), In(15, Repeated, paid.Id), In(16), Out(20, order: paid.Id), Out(36, Repeated, paid.Id)));
        Assert.Equal([Opened, Repeated, Repeated, Closed, Repeated], stay.Readings.Select(r => r.Outcome));
        Assert.Equal((At(16), At(36)), (stay.SeenIn, stay.Span.SeenUntil));
        Assert.False(stay.Contradicted);
    }

    [Fact]
    public void Around_a_paid_stay_others_are_read_as_ever()
    {
        Order[] paid = [Paid(100, 110), Paid(10, 20)];
        Assert.Equal("paid paid", Told(Read(false, paid)));
        Assert.Equal("0-5 paid 20-50 paid ?-126 130-?",
            Told(Read(false, paid, In(130), Out(126), Out(50), In(20 + Tick), In(0), Out(5))));
        // Within a quarter of an hour it is the paid car's exit once more.
        Assert.Equal("paid paid", Told(Read(false, paid, Out(125), Out(35))));
    }
}
