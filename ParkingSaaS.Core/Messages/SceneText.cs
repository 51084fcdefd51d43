using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>What a city says in a scene, by a way and in a language. Without a row nothing is said.</summary>
public sealed class SceneText
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxText = 500;

    /// <summary>The longest subject of a mail.</summary>
    public const int MaxSubject = 100;

    /// <summary>The longest code of a provider's template.</summary>
    public const int MaxTemplate = 64;

    public required MessageScene Scene { get; init; }

    public required MessageWay Way { get; init; }

    public required OwnerLanguage Language { get; init; }

    /// <summary>Since when it is said; null while it is switched off. What happened before is not told.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>With places such as <c>{plate}</c> (<see cref="SceneKind.Places"/>). The provider of short messages says it by its own copy, which
    /// <see cref="Template"/> names.</summary>
    public string Text { get; set; } = "";

    /// <summary>What stands above a mail; empty for short messages.</summary>
    public string Subject { get; set; } = "";

    /// <summary>The provider's code of the text, which it has approved; empty for mail.</summary>
    public string Template { get; set; } = "";

    /// <summary>Who changed it last: an actor's name.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }
}
