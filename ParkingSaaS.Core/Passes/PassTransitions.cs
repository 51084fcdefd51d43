using static ParkingSaaS.Core.Passes.PassState;

namespace ParkingSaaS.Core.Passes;

/// <summary>Which changes of state there are. Anything else is a fault of the program.</summary>
public static class PassTransitions
{
    static readonly HashSet<(PassState From, PassState To)> Allowed =
    [
        (PendingReview, AwaitingPayment),   // the second person agrees
        (PendingReview, Refused),
        (AwaitingPayment, Active),          // paid
        (AwaitingPayment, Lapsed),          // nobody paid
        (Lapsed, Active),                   // money that came late counts
        (Active, Suspended),
        (Suspended, Active),
        (Active, CancelAsked),
        (Suspended, CancelAsked),
        (CancelAsked, CancelAgreed),        // customer service agrees
        (CancelAsked, Active),              // or does not
        (CancelAsked, Suspended),
        (CancelAgreed, Cancelled),          // finance pays
        (CancelAgreed, Active),             // or does not
        (CancelAgreed, Suspended)
    ];

    /// <summary>True when a pass may go from one state to the other.</summary>
    public static bool Allows(PassState from, PassState to) => Allowed.Contains((from, to));

    /// <summary>Changes the state.</summary>
    /// <exception cref="InvalidOperationException">The table has no such change.</exception>
    public static void Go(this Pass pass, PassState to)
    {
        if (!Allows(pass.State, to))
            throw new InvalidOperationException($"A pass cannot go from {pass.State} to {to}");
        pass.State = to;
    }
}
