using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Ends somebody's session. The account is as it was: they can sign in again.</summary>
public sealed class EndSession(CitySessions sessions, RoleCatalogue roles, SignInSessions signIns)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageUsers, ct);
        if (await s.Db.Set<SignInSession>().Include(x => x.User).FirstOrDefaultAsync(x => x.Id == id, ct) is not { } session)
            return new NotFound("session");
        if (!UserGrants.MayGive(actor, roles, session.User.Role))
            return new MoreThanYourOwn();
        await signIns.EndAsync(new SessionKey(s.City.Code, session.Id), SessionEnd.EndedByAdministrator, ct, by: actor.Id);
        return new Done();
    }
}
