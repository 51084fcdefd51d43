using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>An account to be added.</summary>
/// <param name="UserName">1–64 characters, unique in the city, whatever the case.</param>
/// <param name="DisplayName">1–64 characters.</param>
/// <param name="Password">One that <see cref="Passwords"/> lets pass. It must be changed at the first sign-in.</param>
/// <param name="Grant">What it may do, and over what.</param>
public sealed record NewUser(string UserName, string DisplayName, string Password, Grant Grant);

/// <summary>Adds an account to the city.</summary>
public sealed class AddUser(CitySessions sessions, RoleCatalogue roles, Passwords passwords, IPasswordHasher<User> hasher,
    ILookupNormalizer names, SecurityLog log)
{
    /// <summary>True when the actor may give that role; over what is checked when it is given.</summary>
    public bool MayGive(Actor actor, string role) => UserGrants.MayGive(actor, roles, role);

    /// <summary>Adds and answers the account's id.</summary>
    public async Task<Result<Guid>> RunAsync(Actor actor, NewUser request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageUsers, ct);
        var invalid = Check.All(
            Check.Required(nameof(request.UserName), request.UserName, 64),
            Check.Required(nameof(request.DisplayName), request.DisplayName, 64),
            passwords.Invalid(nameof(request.Password), request.Password, request.UserName, request.DisplayName,
                s.City.Code, s.City.Name, s.City.NameEn));
        if (invalid is not null)
            return invalid;
        if (await UserGrants.RefuseAsync(s, roles, request.Grant, ct) is { } refused)
            return refused;
        var name = request.UserName.Trim();
        var normalized = names.NormalizeName(name);
        if (await s.Db.Set<User>().IgnoreQueryFilters([CityDb.ScopeFilter]).AnyAsync(u => u.NormalizedUserName == normalized, ct))
            return new InvalidField(nameof(request.UserName), "taken");
        var user = new User
        {
            Id = Guid.CreateVersion7(),
            UserName = name,
            NormalizedUserName = normalized,
            DisplayName = request.DisplayName.Trim(),
            Role = request.Grant.Role,
            AreaId = request.Grant.AreaId,
            CompanyId = request.Grant.CompanyId,
            LotIds = [.. request.Grant.LotIds?.Distinct() ?? []],
            PasswordIsTemporary = true
        };
        user.PasswordHash = hasher.HashPassword(user, request.Password);
        s.Db.Set<User>().Add(user);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(SecurityEvent.AccountAdded, s.City.Code, actor.Address, user.Id.ToString(), $"as {user.Role} by {actor.Id}");
        return user.Id;
    }
}
