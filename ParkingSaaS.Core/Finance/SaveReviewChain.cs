using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Finance;

/// <summary>A chain as entered.</summary>
/// <param name="Steps">At least one.</param>
/// <param name="FreeUpTo">Not less than nothing.</param>
public sealed record ReviewChainDetails(ReviewKind Kind, ReviewSteps Steps, Money FreeUpTo)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public ReviewChainDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static ReviewChainDetails Of(ReviewChain chain) => new(chain.Kind, chain.Steps, chain.FreeUpTo);
}

/// <summary>Changes who has to look. What is under review already goes the way it began.</summary>
public sealed class SaveReviewChain(CitySessions sessions)
{
    /// <exception cref="AccessDeniedException">The actor may not set chains up.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, ReviewChainDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, FinancePermissions.Chains, ct);
        if (!actor.Scope.IsWholeCity || !Enum.IsDefined(request.Kind))
            return new NotFound("review-chain");
        var all = ReviewChain.InOrder.Aggregate((some, step) => some | step);
        if ((Check.That(request.Steps is not ReviewSteps.None, nameof(request.Steps), "required")
            ?? Check.That((request.Steps & ~all) == 0, nameof(request.Steps), "invalid")
            ?? Check.That(request.FreeUpTo >= Money.Zero, nameof(request.FreeUpTo), "out-of-range")) is { } invalid)
            return invalid;
        var chain = await s.Db.Set<ReviewChain>().FirstOrDefaultAsync(c => c.Kind == request.Kind, ct);
        if (chain is null)
            s.Db.Add(chain = ReviewChain.Default(request.Kind));
        if (Edits.Since(request.Seen, ReviewChainDetails.Of(chain), request, chain.ChangedBy) is { } changed)
            return changed;
        (chain.Steps, chain.FreeUpTo, chain.ChangedBy, chain.ChangedAt) = (request.Steps, request.FreeUpTo, actor.Name, s.Now);
        return await s.SaveAsync(ct);
    }
}
