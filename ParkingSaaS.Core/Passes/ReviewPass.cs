using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Passes;

/// <summary>A second person looks at what a clerk sold. What is agreed to may be paid; what is not is over.</summary>
public sealed class ReviewPass(PassChange changes)
{
    /// <summary>The longest reason, in characters.</summary>
    public const int MaxReason = 200;

    /// <exception cref="AccessDeniedException">The actor may not review.</exception>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid passId, bool agree, string? reason, CancellationToken ct)
    {
        if ((agree ? Check.Optional("Reason", reason, MaxReason) : Check.Required("Reason", reason, MaxReason)) is { } invalid)
            return invalid;
        return await changes.RunAsync(actor, PassPermissions.Review, passId, (s, pass) =>
        {
            if (pass.State is not PassState.PendingReview)
                return Task.FromResult<Error?>(new WrongPassState(pass.State));
            if (pass.SoldBy == actor.Id)
                return Task.FromResult<Error?>(new SamePerson());
            pass.Go(agree ? PassState.AwaitingPayment : PassState.Refused);
            PassOperation.Log(s, pass, agree ? PassOperationKind.Agreed : PassOperationKind.Refused, detail: reason?.Trim() ?? "");
            return Task.FromResult<Error?>(null);
        }, ct);
    }
}
