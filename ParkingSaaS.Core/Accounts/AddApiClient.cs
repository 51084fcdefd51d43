using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Accounts;

/// <summary>A client to be added.</summary>
/// <param name="Name">What it is for, 1–64 characters.</param>
/// <param name="Permissions">What its tokens carry; at least one, and none that the actor lacks.</param>
/// <param name="CompanyId">The company whose data it sees; null for the whole city.</param>
public sealed record NewApiClient(string Name, IReadOnlyList<string> Permissions, Guid? CompanyId);

/// <summary>The credentials of a new client. The secret is not kept and cannot be shown again.</summary>
public sealed record ApiCredentials(string ClientId, string Secret);

/// <summary>Adds a partner's program.</summary>
public sealed class AddApiClient(CitySessions sessions, RoleCatalogue roles, SecurityLog log)
{
    public async Task<Result<ApiCredentials>> RunAsync(Actor actor, NewApiClient request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageClients, ct);
        if (Check.Required(nameof(request.Name), request.Name, 64) is { } invalid)
            return invalid;
        if (request.Permissions.Count == 0)
            return new InvalidField(nameof(request.Permissions), "required");
        if (request.Permissions.Any(p => !roles.Permissions.Contains(p) || !actor.May(p)))
            return new InvalidField(nameof(request.Permissions), "invalid");
        if (request.CompanyId is { } company
                ? !await s.Db.Set<Company>().AnyAsync(c => c.Id == company && c.RetiredAt == null, ct)
                : !actor.Scope.IsWholeCity)
            return new InvalidField(nameof(request.CompanyId), "invalid");
        var credentials = new ApiCredentials("c-" + RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 12),
            Secret.Generate());
        s.Db.Set<ApiClient>().Add(new ApiClient
        {
            Id = Guid.CreateVersion7(),
            ClientId = credentials.ClientId,
            SecretHash = Secret.Hash(credentials.Secret),
            Name = request.Name.Trim(),
            Permissions = [.. request.Permissions.Distinct()],
            CompanyId = request.CompanyId,
            CreatedAt = s.Now
        });
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(SecurityEvent.ClientAdded, s.City.Code, actor.Address, credentials.ClientId, $"by {actor.Id}");
        return credentials;
    }
}

/// <summary>Revokes a client: no new tokens, and issued ones stop working.</summary>
public sealed class RevokeApiClient(CitySessions sessions, SecurityLog log)
{
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, AccountPermissions.ManageClients, ct);
        if (await s.Db.Set<ApiClient>().FirstOrDefaultAsync(c => c.Id == id, ct) is not { } client)
            return new NotFound("client");
        client.RevokedAt ??= s.Now;
        var saved = await s.SaveAsync(ct);
        if (saved.Ok)
            log.Write(SecurityEvent.ClientRevoked, s.City.Code, actor.Address, client.ClientId, $"by {actor.Id}");
        return saved;
    }
}
