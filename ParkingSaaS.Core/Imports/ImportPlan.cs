using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Imports;

/// <summary>What an import does to one thing.</summary>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Name">What the thing is called, with the lot that it belongs to.</param>
/// <param name="IsNew">It is not there yet.</param>
/// <param name="Changes">What is said of it, or changes, by <see cref="ImportColumn.Field"/>, as people write it, codes of choices excepted; none where it
/// stays as it is.</param>
public sealed record ImportedRow(int Line, string Name, bool IsNew, IReadOnlyList<FieldChange> Changes);

/// <summary>All that an import does, in the order of the file.</summary>
public sealed record ImportPlan(IReadOnlyList<ImportedRow> Rows)
{
    /// <summary>How many are new.</summary>
    public int Added => Rows.Count(r => r.IsNew);

    /// <summary>How many are there and change.</summary>
    public int Changed => Rows.Count(r => !r.IsNew && r.Changes.Count > 0);

    /// <summary>How many are there as the file says.</summary>
    public int Unchanged => Rows.Count - Added - Changed;

    /// <summary>Whether both do the same.</summary>
    public bool Same(ImportPlan other) => Rows.Count == other.Rows.Count && Rows.Zip(other.Rows).All(p =>
        (p.First.Line, p.First.Name, p.First.IsNew) == (p.Second.Line, p.Second.Name, p.Second.IsNew) && p.First.Changes.SequenceEqual(p.Second.Changes));
}

/// <summary>What a machine that an import made signs in with. It is not kept and cannot be shown again.</summary>
public sealed record MadeSecret(string UserName, string Secret)
{
    /// <summary>Without the secret, so that no log ever holds it.</summary>
    public override string ToString() => UserName;
}

/// <summary>What an import did.</summary>
/// <param name="Secrets">Of each machine that was made; empty where none was.</param>
public sealed record ImportDone(int Added, int Changed, IReadOnlyList<MadeSecret> Secrets);
