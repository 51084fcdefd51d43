using System.Diagnostics.CodeAnalysis;

namespace ParkingSaaS.Core.Common;

/// <summary>A rule that said no. One record per rule; <see cref="Code"/> is stable, and screens and interfaces localise it.
/// Faults of the program or its surroundings are exceptions instead.</summary>
/// <param name="Code">For example <c>orders.already-paid</c>.</param>
/// <param name="Args">What the localised sentence mentions, in the order of its placeholders.</param>
public abstract record Error(string Code, params object[] Args)
{
    /// <summary>The same rule that said no to the same things; an array alone would compare by reference.</summary>
    public virtual bool Equals(Error? other) =>
        other is not null && EqualityContract == other.EqualityContract && Code == other.Code && Args.SequenceEqual(other.Args);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Args.Length);
}

/// <summary>A field of a form or of a request is not acceptable.</summary>
/// <param name="Field">The field's name as the caller knows it.</param>
/// <param name="Rule">What was expected, for example <c>required</c> or <c>too-long</c>.</param>
public sealed record InvalidField(string Field, string Rule) : Error($"field.{Rule}", Field)
{
    /// <summary>What would be right, for people: the screens have a text under <c>wanted.</c> and this.</summary>
    public string Wanted { get; init; } = $"{Field}.{Rule}";

    /// <summary>What that text mentions, such as the bounds.</summary>
    public IReadOnlyList<object> Bounds { get; init; } = [];

    /// <summary>Other fields of the same form or request that are not acceptable either, in its order.</summary>
    public IReadOnlyList<InvalidField> More { get; init; } = [];

    /// <summary>This field and all others.</summary>
    public IEnumerable<InvalidField> All => [this, .. More];

    // The same rule said no to the same field, however that is told.
    public bool Equals(InvalidField? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}

/// <summary>Nothing with that id is within the actor's reach. Deliberately the same answer for "does not exist".</summary>
public sealed record NotFound(string What) : Error("not-found", What);

/// <summary>Somebody else changed it in the meantime; read it again.</summary>
public sealed record ChangedMeanwhile() : Error("changed-meanwhile")
{
    /// <summary>What was changed, where the request said what its form was opened with; else empty.</summary>
    public IReadOnlyList<FieldChange> Fields { get; init; } = [];

    /// <summary>What the form would be opened with now: a request of the same type; null where <see cref="Fields"/> is empty.</summary>
    public object? Now { get; init; }

    /// <summary>Who changed it last, where that is kept.</summary>
    public string? By { get; init; }
}

/// <summary>A field that somebody else changed while a form was open.</summary>
/// <param name="Field">Its name in the request.</param>
/// <param name="From">What the form was opened with.</param>
/// <param name="To">What it is now.</param>
public sealed record FieldChange(string Field, object? From, object? To);

/// <summary>The answer of a use case that has nothing to say but that it is done.</summary>
public readonly record struct Done;

/// <summary>What a use case answers: a value, or the rule that said no.</summary>
public readonly struct Result<T>
{
    readonly T? value;

    Result(T? value, Error? error) => (this.value, Error) = (value, error);

    /// <summary>The rule that said no, or null.</summary>
    public Error? Error { get; }

    public bool Ok => Error is null;

    /// <summary>The value. Asking for it after a refusal is a fault of the caller.</summary>
    /// <exception cref="InvalidOperationException">The use case refused.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Code}");

    /// <summary>Takes the value or the error out in one step.</summary>
    public bool Try([MaybeNullWhen(false)] out T result, [NotNullWhen(false)] out Error? error)
    {
        (result, error) = (value, Error);
        return Error is null;
    }

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Error error) => new(default, error);
}

/// <summary>What people named something, which an error's sentence says as its readers see it.</summary>
public sealed record GivenName(string Name)
{
    /// <summary>What is said of it, behind it.</summary>
    public string Note { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Name}{Note}";
}

/// <summary>Names of which an error's sentence says all.</summary>
public sealed record GivenNames(IReadOnlyList<GivenName> Names)
{
    /// <inheritdoc/>
    public bool Equals(GivenNames? other) => other is not null && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override int GetHashCode() => Names.Count;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names);
}

/// <summary>Keys of texts, of which an error's sentence names all.</summary>
public sealed record TextKeys(IReadOnlyList<string> Keys)
{
    /// <inheritdoc/>
    public bool Equals(TextKeys? other) => other is not null && Keys.SequenceEqual(other.Keys);

    /// <inheritdoc/>
    public override int GetHashCode() => Keys.Count;
}
