using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Orders;

/// <summary>What the readings of one car in a lot, or of one berth, come to. It looks at their times alone, never at the order in which
/// they arrived, so late, repeated and out-of-order events come to the same stays.
/// <list type="bullet">
/// <item>The same again within <see cref="RepeatWindow"/> of the last reading changes nothing, however long that goes on: a car that
/// stands at a lane is one car. A berth says that it is occupied as often as it likes.</item>
/// <item>An entry begins a stay. A stay still open before it has lost its exit.</item>
/// <item>What a berth says of one instant both ways makes its stay doubtful.</item>
/// <item>What was no passage, for the car turned back at the lane, is none however often it was read.</item>
/// <item>A berth's stay ends when the berth is reported free, never because another plate is read there: cameras misread.</item>
/// <item>An exit ends the stay before it; without one it stands alone, as a stay that has lost its entry.</item>
/// </list></summary>
static class Timeline
{
    /// <summary>The same car and direction within this time is the same passage.</summary>
    public static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(60);

    /// <summary>What one more reading means after the stay before it.</summary>
    /// <param name="before">The stay before; null where there is none.</param>
    /// <param name="berth">On a berth, not at a lane.</param>
    /// <param name="entering">In or out.</param>
    /// <param name="at">When; not before the last reading of that stay.</param>
    public static PassageOutcome Next(StaySpan? before, bool berth, bool entering, DateTimeOffset at) => before switch
    {
        { ExitedAt: null } open => !entering ? PassageOutcome.Closed
            : berth || at - open.SeenUntil <= RepeatWindow ? PassageOutcome.Repeated
            : PassageOutcome.Opened,
        _ when entering => PassageOutcome.Opened,
        { ExitedAt: { } left } over when at - over.SeenUntil <= RepeatWindow || (!berth && at - left <= ExitSettlement.StandingWindow) =>
            PassageOutcome.Repeated,
        // A sensor that says "free" of a berth where nothing was is no exit: there is nobody to bill.
        _ => berth ? PassageOutcome.Superseded : PassageOutcome.NoEntry
    };

    /// <summary>Reads a history from its beginning.</summary>
    /// <param name="readings">The readings, in any order. Entries that were refused do not count.</param>
    /// <param name="settled">Stays that are over, and paid or decided by a person: nothing changes them any more. What contradicts one is
    /// kept beside it.</param>
    /// <param name="berth">Of a berth, not of a car.</param>
    /// <returns>The stays, in order of time.</returns>
    public static List<SeenStay> Read(IReadOnlyCollection<Passage> readings, IEnumerable<Order> settled, bool berth)
    {
        var stays = new List<SeenStay>();
        var turned = readings.Where(r => r.Outcome is PassageOutcome.TurnedBack).ToList();
        var next = new Queue<Order>(settled.OrderBy(o => o.Start));
        foreach (var instant in readings.Where(r => r.Outcome is not PassageOutcome.Refused).GroupBy(r => r.At).OrderBy(g => g.Key).Select(g => g.ToList()))
        {
            while (next.TryPeek(out var order) && order.Start <= instant[0].At)
                stays.Add(new SeenStay(next.Dequeue()));
            // Of one instant that counts first which fits what was before.
            var contrary = berth && instant.Exists(r => r.Entering) && instant.Exists(r => !r.Entering);
            var entersFirst = contrary ? EntersFirst(stays, instant) : stays is not [.., { Span.ExitedAt: null }];
            foreach (var reading in instant.OrderBy(r => r.Entering != entersFirst).ThenBy(r => r.LaneId).ThenBy(r => r.Id))
                Add(stays, reading, berth, turned.Exists(t => IsSame(t, reading)));
            if (contrary)
                foreach (var stay in stays.TakeLast(2).Where(stay => stay.Readings.Exists(instant.Contains)))
                    stay.Doubtful = true;
        }
        stays.AddRange(next.Select(order => new SeenStay(order)));
        return stays;
    }

    /// <summary>A sensor that says both "occupied" and "free" of one instant repeats what was before beside what is now. Where it was free it is
    /// occupied now; where it was occupied, and not by the car that it names, another has come.</summary>
    static bool EntersFirst(List<SeenStay> stays, List<Passage> instant) =>
        stays is [.., { Span.ExitedAt: null } open] && instant.Exists(r => r.Entering && open.Has(r.Plate));

    static bool IsSame(Passage a, Passage b) => a.Entering == b.Entering && (a.At - b.At).Duration() <= RepeatWindow;

    static void Add(List<SeenStay> stays, Passage reading, bool berth, bool turnedBack)
    {
        var before = stays.LastOrDefault();
        if (before?.Settled is { } settled && (reading.OrderId == settled.Id || reading.At <= settled.ExitedAt))
        {
            before.Keep(reading, reading.OrderId == settled.Id ? reading.Outcome : Within(before, settled, reading, berth));
            return;
        }
        if (turnedBack)
        {
            before?.Keep(reading, PassageOutcome.TurnedBack);
            return;
        }
        switch (Next(before?.Span, berth, reading.Entering, reading.At))
        {
            case PassageOutcome.Opened:
                stays.Add(new SeenStay(entry: reading));
                break;
            case PassageOutcome.NoEntry:
                stays.Add(new SeenStay(exit: reading));
                break;
            case PassageOutcome.Closed:
                before!.Close(reading);
                break;
            case PassageOutcome.Superseded:
                (reading.Outcome, reading.OrderId) = (PassageOutcome.Superseded, null);
                break;
            case var repeated:
                before!.Keep(reading, repeated);
                break;
        }
    }

    static PassageOutcome Within(SeenStay stay, Order settled, Passage reading, bool berth) =>
        (reading.Entering ? berth || reading.At - stay.SeenIn <= RepeatWindow : settled.ExitedAt - reading.At <= RepeatWindow)
            ? PassageOutcome.Repeated
            : PassageOutcome.Superseded;
}

/// <summary>How far a stay is known.</summary>
/// <param name="ExitedAt">When it ended; null while it is open.</param>
/// <param name="SeenUntil">The last reading of that end, or of its beginning while it is open.</param>
readonly record struct StaySpan(DateTimeOffset? ExitedAt, DateTimeOffset SeenUntil)
{
    public static StaySpan? Of(Order? order) => order is null ? null : new StaySpan(order.ExitedAt, order.SeenUntil ?? order.ExitedAt ?? order.Start);
}

/// <summary>A stay as its readings tell it.</summary>
sealed class SeenStay
{
    public SeenStay(Passage? entry = null, Passage? exit = null)
    {
        (Entry, Exit) = (entry, exit);
        var first = (entry ?? exit)!;
        Keep(first, entry is null ? PassageOutcome.NoEntry : PassageOutcome.Opened);
        Span = new StaySpan(exit?.At, first.At);
    }

    public SeenStay(Order settled) => (Settled, Span, SeenIn) = (settled, StaySpan.Of(settled)!.Value, settled.Start);

    /// <summary>The order, where it stays as it is.</summary>
    public Order? Settled { get; }

    public Passage? Entry { get; }

    public Passage? Exit { get; private set; }

    public StaySpan Span { get; private set; }

    /// <summary>The last reading of its entry.</summary>
    public DateTimeOffset SeenIn { get; private set; }

    /// <summary>All that was seen of it.</summary>
    public List<Passage> Readings { get; } = [];

    /// <summary>It stays as it is, and something was told that cannot be so, and was not known of it before.</summary>
    public bool Contradicted => Settled is not null && Readings.Any(r => r.Outcome is PassageOutcome.Superseded && r.OrderId != Settled.Id);

    /// <summary>Its beginning or its end is an instant of which the sensor said both that it was occupied and that it was free.</summary>
    public bool Doubtful { get; set; }

    /// <summary>Whether the plate was read of it.</summary>
    public bool Has(string? plate) => Vehicles.PlateGrammar.Normalize(plate) is { } known
        && (Settled?.Plate == known || Readings.Exists(r => Vehicles.PlateGrammar.Normalize(r.Plate) == known));

    public void Close(Passage exit)
    {
        Exit = exit;
        Keep(exit, PassageOutcome.Closed);
        Span = new StaySpan(exit.At, exit.At);
    }

    public void Keep(Passage reading, PassageOutcome outcome)
    {
        reading.Outcome = outcome;
        Readings.Add(reading);
        if (outcome is PassageOutcome.Repeated || (outcome is PassageOutcome.TurnedBack && reading.Entering))
            Span = Span with { SeenUntil = Max(Span.SeenUntil, reading.At) };
        if (reading.Entering)
            SeenIn = Max(SeenIn, reading.At);
    }

    static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
