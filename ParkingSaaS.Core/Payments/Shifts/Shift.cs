using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Payments.Shifts;

/// <summary>How far a shift has come.</summary>
public enum ShiftState
{
    /// <summary>Money is taken in it.</summary>
    Open,

    /// <summary>Its cash was counted and waits for somebody else to take it over.</summary>
    HandedIn,

    /// <summary>It has to be counted or explained once more.</summary>
    GivenBack,

    /// <summary>Somebody else took the money over. Nothing changes any more.</summary>
    Confirmed
}

/// <summary>From when to when somebody takes money by hand in a lot. What it holds is asked of the payments that name it. It is of one lot, for so is the
/// drawer: the money of two lots may belong to two companies, and who sees one lot sees all of its shifts. Whoever works at two has two.</summary>
public sealed class Shift : ILotOwned
{
    /// <summary>Nobody has so much in a drawer.</summary>
    public static readonly Money MaxCash = new(1_000_000_000);

    /// <summary>Who is open for longer has forgotten to hand in.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    static readonly HashSet<(ShiftState From, ShiftState To)> Ways =
    [
        (ShiftState.Open, ShiftState.HandedIn),
        (ShiftState.HandedIn, ShiftState.Confirmed),
        (ShiftState.HandedIn, ShiftState.GivenBack),
        (ShiftState.GivenBack, ShiftState.HandedIn)
    ];

    /// <summary>Row id, made up by the form that opens it, so that a second click is the same shift.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc/>
    public required Guid LotId { get; init; }

    /// <summary>Whose it is: an account.</summary>
    public required Guid CollectorId { get; init; }

    /// <summary>Whose it is: the name as it was then.</summary>
    public required string Collector { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>What lay in the drawer at first.</summary>
    public Money Float { get; set; }

    /// <summary>Somebody said <see cref="Float"/>; else the first money opened the shift by itself.</summary>
    public bool FloatKnown { get; set; }

    public ShiftState State { get; private set; }

    /// <summary>When it was handed in for the first time: it takes no more since, and what comes all the same is told apart.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>What should lie in the drawer; nothing before it was handed in.</summary>
    public Money Expected { get; set; }

    /// <summary>What lay in the drawer; nothing before it was handed in.</summary>
    public Money Counted { get; set; }

    /// <summary>Why that differs, or why somebody else handed it in; empty where there is nothing to explain.</summary>
    public string Explanation { get; set; } = "";

    /// <summary>Who handed it in: an account.</summary>
    public Guid? HandedInById { get; set; }

    /// <summary>Who took the money over: an account.</summary>
    public Guid? ConfirmedById { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>More than nothing where there is too much.</summary>
    public Money Difference => Counted - Expected;

    /// <summary>Whether the state may change so.</summary>
    public bool MayGo(ShiftState to) => Ways.Contains((State, to));

    /// <summary>Changes the state.</summary>
    /// <exception cref="InvalidOperationException">The table has no such change.</exception>
    public void Go(ShiftState to)
    {
        if (!MayGo(to))
            throw new InvalidOperationException($"A shift cannot go from {State} to {to}");
        State = to;
    }

    /// <summary>The open shift of whoever acts, to which the money belongs that they take or pay back now; null where there is none. Its row is written
    /// with the payment: who hands it in at the same moment starts over, so that no money comes into what is counted already.</summary>
    /// <param name="begin">Where none is open one begins: a newcomer is not kept from taking money at a gate.</param>
    internal static async Task<Guid?> OfMoneyAsync(CitySession s, Guid lotId, bool begin, CancellationToken ct)
    {
        if (s.Actor.PersonId is not { } person)
            return null;
        if (await OpenOf(s, person, lotId).FirstOrDefaultAsync(ct) is { } open)
        {
            s.Db.Entry(open).Property(x => x.State).IsModified = true;
            return open.Id;
        }
        return begin ? Begin(s, Guid.CreateVersion7(), lotId, person, known: null).Id : null;
    }

    /// <summary>The money of a payment that was begun in a shift has come; see <see cref="OfMoneyAsync"/>.</summary>
    internal static async Task ReceivedAsync(CitySession s, Guid? shiftId, CancellationToken ct)
    {
        if (shiftId is not null && await s.Db.Set<Shift>().FirstOrDefaultAsync(x => x.Id == shiftId && x.State == ShiftState.Open, ct) is { } open)
            s.Db.Entry(open).Property(x => x.State).IsModified = true;
    }

    /// <summary>What somebody has open in a lot: one at most.</summary>
    public static IQueryable<Shift> OpenOf(CitySession s, Guid person, Guid lotId) =>
        s.Db.Set<Shift>().Where(x => x.CollectorId == person && x.LotId == lotId && x.State == ShiftState.Open);

    /// <summary>Opens one for whoever acts.</summary>
    /// <param name="known">What lies in the drawer; null where nobody has said.</param>
    internal static Shift Begin(CitySession s, Guid id, Guid lotId, Guid person, Money? known)
    {
        var shift = new Shift
        {
            Id = id,
            LotId = lotId,
            CollectorId = person,
            Collector = s.Actor.Name,
            OpenedAt = s.Now,
            Float = known ?? Money.Zero,
            FloatKnown = known is not null
        };
        s.Db.Add(shift);
        ShiftOperation.Log(s, shift, known is null ? ShiftOperationKind.Begun : ShiftOperationKind.Opened, shift.Float);
        return shift;
    }
}
