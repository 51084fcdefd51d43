using static ParkingSaaS.Core.Messages.MessageState;

namespace ParkingSaaS.Core.Messages;

/// <summary>Which changes of state there are. Anything else is a fault of the program.</summary>
public static class MessageTransitions
{
    static readonly HashSet<(MessageState From, MessageState To)> Allowed =
    [
        (Waiting, Trying),      // handed to the provider
        (Waiting, Withheld),    // nobody wants it, or it is too late
        (Trying, Waiting),      // it surely did not get there
        (Trying, Sent),
        (Trying, Delivered),
        (Trying, Failed),
        (Trying, Unknown),      // nobody answers for days
        (Sent, Delivered),
        (Sent, Failed),
        (Sent, Unknown)         // no receipt for days
    ];

    /// <summary>True when a message may go from one state to the other.</summary>
    public static bool Allows(MessageState from, MessageState to) => Allowed.Contains((from, to));

    /// <summary>Changes the state. Once nothing more is to be done about it, the address is forgotten.</summary>
    /// <exception cref="InvalidOperationException">The table has no such change.</exception>
    internal static void Go(this Message message, MessageState to, DateTimeOffset now)
    {
        if (!Allows(message.State, to))
            throw new InvalidOperationException($"A message cannot go from {message.State} to {to}");
        message.State = to;
        if (to is Delivered or Failed or Unknown or Withheld)
            message.End(now);
    }

    /// <summary>Nothing more is to be done about it.</summary>
    internal static void End(this Message message, DateTimeOffset now) => (message.DueAt, message.Address, message.EndedAt) = (null, null, now);
}
