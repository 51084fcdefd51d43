using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a form edits, for <see cref="DialogForm"/> to say what others changed meanwhile and to go on from there.</summary>
public abstract class Edit
{
    /// <summary>Reads again what the form offers to choose from: what others have chosen may be new.</summary>
    internal Func<Task>? Refresh { get; init; }

    /// <summary>Puts what others changed into the form; what they did not touch stays as it was entered.</summary>
    internal abstract void TakeTheirs(ChangedMeanwhile changed);

    /// <summary>Leaves the form as it is. What others changed counts as seen, so saving writes over it.</summary>
    internal abstract void KeepMine(ChangedMeanwhile changed);
}

/// <summary>The same of a use case's request.</summary>
/// <param name="entered">The form as a request, a new one each time.</param>
/// <param name="fill">Puts a request into the form.</param>
public sealed class Edit<T>(Func<T> entered, Action<T> fill) : Edit where T : class
{
    /// <summary>What the form was opened with; null where it adds something.</summary>
    public T? Seen { get; private set; }

    /// <summary>Opens the form.</summary>
    public void Open(T seen) => fill(Seen = seen);

    internal override void TakeTheirs(ChangedMeanwhile changed)
    {
        var mixed = entered();
        foreach (var field in changed.Fields)
            typeof(T).GetProperty(field.Field)!.SetValue(mixed, field.To);
        KeepMine(changed);
        fill(mixed);
    }

    internal override void KeepMine(ChangedMeanwhile changed) => Seen = (T)changed.Now!;
}
