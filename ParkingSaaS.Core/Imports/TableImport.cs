using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Imports;

/// <summary>Takes a table of things of one kind: those that are not there are added, the others changed, all or, where a cell is wrong, none.
/// First it says what it would do; then it does that and nothing else. The same file again changes nothing more.
/// <para>A kind is one class, which registers itself as this too: that gives it a template and a dialog.</para></summary>
public abstract class TableImport(CitySessions sessions, CityNames names)
{
    /// <summary>The most bytes, and characters, that are read.</summary>
    public const int MaxLength = 4_000_000;

    /// <summary>A code, <c>lots</c>, which is part of the keys of its texts.</summary>
    public abstract string Kind { get; }

    /// <summary>That of adding such a thing by hand.</summary>
    public abstract string Permission { get; }

    /// <summary>The columns of its table, in the order of the template.</summary>
    public abstract IReadOnlyList<ImportColumn> Columns { get; }

    /// <summary>The most lines below the heading.</summary>
    public virtual int MaxRows => 5_000;

    /// <summary>The heading may be left out, and rows that begin with # are comments anywhere.</summary>
    public virtual bool Bare => false;

    /// <summary>What it lists holds in some lots or in the whole city: <see cref="ImportFile.LotIds"/>.</summary>
    public virtual bool InLots => false;

    /// <summary>Says what would become of each line, and saves nothing.</summary>
    /// <returns>That; or <see cref="BadCells"/>, <see cref="HeadingMissing"/>, <see cref="MissingColumns"/>, <see cref="TooManyRows"/>, <see cref="NoRows"/>,
    /// <see cref="FileTooLarge"/> or <see cref="OpenQuote"/>.</returns>
    /// <exception cref="AccessDeniedException">The actor lacks <see cref="Permission"/>.</exception>
    public async Task<Result<ImportPlan>> PreviewAsync(Actor actor, ImportFile file, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, Permission, ct);
        if (!(await ReadAsync(s, file, ct)).Try(out var sheet, out var wrong))
            return wrong;
        return new ImportPlan(sheet.Rows);
    }

    /// <summary>Saves, in one transaction.</summary>
    /// <param name="shown">What was shown and agreed to. If it would now be something else, nothing is saved: <see cref="ImportChanged"/>.</param>
    /// <exception cref="AccessDeniedException">The actor lacks <see cref="Permission"/>.</exception>
    public async Task<Result<ImportDone>> RunAsync(Actor actor, ImportFile file, ImportPlan shown, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, Permission, ct);
        await using var transaction = await s.Db.Database.BeginTransactionAsync(ct);
        await s.LockAsync(CityLock.Imports, ct);
        if (!(await ReadAsync(s, file, ct)).Try(out var sheet, out var wrong))
            return wrong;
        var plan = new ImportPlan(sheet.Rows);
        if (!plan.Same(shown))
            return new ImportChanged(plan);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        await transaction.CommitAsync(ct);
        sheet.Saved?.Invoke();
        return new ImportDone(plan.Added, plan.Changed, sheet.Secrets);
    }

    /// <summary>Puts each line into the session as it is to be, without saving; says of each what becomes of it, or what is wrong with it.</summary>
    protected abstract Task EnterAsync(CitySession s, ImportSheet sheet, CancellationToken ct);

    async Task<Result<ImportSheet>> ReadAsync(CitySession s, ImportFile file, CancellationToken ct)
    {
        if (Check.That(Enum.IsDefined(file.Empty), nameof(file.Empty), "invalid") is { } invalid)
            return invalid;
        await names.LoadAsync(s.City.Code);
        if (!ImportSheet.Open(file, this, names.Given(s.City.Code)).Try(out var sheet, out var wrong))
            return wrong;
        await EnterAsync(s, sheet, ct);
        if (sheet.Refused is { } refused)
            return refused;
        if (sheet.Bad.Count > 0)
            return new BadCells(sheet.Bad);
        return sheet;
    }
}
