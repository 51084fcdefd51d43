using System.Security.Cryptography;
using System.Text;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>How far a message has come. The allowed changes are in <see cref="MessageTransitions"/>.</summary>
public enum MessageState
{
    /// <summary>To be sent: it never was, or surely did not arrive.</summary>
    Waiting,

    /// <summary>Handed to the provider, which did not say what became of it: it is asked before anything is sent again.</summary>
    Trying,

    /// <summary>The provider has it.</summary>
    Sent,

    /// <summary>It arrived.</summary>
    Delivered,

    /// <summary>It did not arrive, and will not.</summary>
    Failed,

    /// <summary>Nobody ever said what became of it.</summary>
    Unknown,

    /// <summary>It was not sent, and <see cref="Message.Problem"/> says why.</summary>
    Withheld
}

/// <summary>Something that a person outside is told, once for what it is about and by a way. It is written with what it tells of, or by the job that finds
/// that, and sent by another (<see cref="SendMessages"/>).</summary>
public sealed class Message
{
    /// <summary>Reasons of our own for <see cref="Problem"/>.</summary>
    public const string Declined = "declined", TooLate = "too-late", NothingOwed = "nothing-owed", NoAccount = "no-account", NoSecret = "no-secret",
        Unreachable = "unreachable";

    /// <summary>The longest name of somebody who wanted it sent.</summary>
    public const int MaxBy = 64;

    /// <summary>The longest address.</summary>
    public const int MaxAddress = 128;

    /// <summary>The longest problem; the rest is cut off.</summary>
    public const int MaxProblem = 64;

    public required Guid Id { get; init; }

    public required MessageScene Scene { get; init; }

    public required MessageWay Way { get; init; }

    /// <summary>What it is about: a payment, the period of a pass, the oldest order of the arrears. Together with scene and way it is there once.</summary>
    public required Guid SubjectId { get; init; }

    /// <summary>The car; null where it is about none.</summary>
    public string? Plate { get; init; }

    /// <summary>The orders that it names; their driver may see them by its link.</summary>
    public List<Guid> OrderIds { get; init; } = [];

    /// <summary>The pass that it is about.</summary>
    public Guid? PassId { get; init; }

    /// <summary>The telephone or the mail address; null once it is not needed any more.</summary>
    public string? Address { get; set; }

    /// <summary>The same as people see it: <c>138****5678</c>.</summary>
    public required string Masked { get; init; }

    /// <summary>By which the address is known again without being kept (<see cref="HashOf"/>).</summary>
    public required string Contact { get; init; }

    public required OwnerLanguage Language { get; init; }

    /// <summary>What stands above a mail.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What it says.</summary>
    public required string Text { get; init; }

    /// <summary>The provider's template.</summary>
    public string Template { get; init; } = "";

    /// <summary>What the template's places are filled with, as JSON.</summary>
    public string Parameters { get; init; } = "{}";

    /// <summary>The end of its link, which nobody can guess.</summary>
    public required string Code { get; init; }

    /// <summary>A person tries whether it works: neither hours nor limits nor what was declined hold it back.</summary>
    public bool Test { get; init; }

    /// <summary>Who wanted it: an actor's name.</summary>
    public required string By { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public MessageState State { get; set; }

    /// <summary>When something is to be done about it: sent, or asked about; null for never again.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>How often it was sent or asked about; the waits grow with it.</summary>
    public int Tries { get; set; }

    /// <summary>When it was last handed to the provider.</summary>
    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>The provider's own number.</summary>
    public string Reference { get; set; } = "";

    /// <summary>Why it is not sent, or did not arrive: the provider's code, or one of ours; null where nothing is wrong.</summary>
    public string? Problem { get; set; }

    /// <summary>When nothing more was to be done about it.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The row's version: of two nodes one sends it.</summary>
    public uint RowVersion { get; init; }

    /// <summary>A code for a link: some 59 random bits.</summary>
    public static string NewCode() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 12);

    /// <summary>What an address is known again by, in that city alone.</summary>
    public static string HashOf(string city, string address) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{city} {address}")));

    /// <summary>An address as people see it.</summary>
    public static string Mask(MessageWay way, string address) => way is MessageWay.Sms ? Phone.Show(address, whole: false)
        : $"{address[0]}***{address[address.LastIndexOf('@')..]}";
}
