using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Accounts;

[InControlDatabase]
sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.HasIndex(u => u.NormalizedUserName).IsUnique();
        user.Property(u => u.UserName).HasMaxLength(64);
        user.Property(u => u.NormalizedUserName).HasMaxLength(64);
        user.Property(u => u.DisplayName).HasMaxLength(64);
        user.Property(u => u.Role).HasMaxLength(32);
        user.Property(u => u.RowVersion).IsRowVersion();
    }
}

[InControlDatabase]
sealed class SignInSessionMapping : IEntityTypeConfiguration<SignInSession>
{
    public void Configure(EntityTypeBuilder<SignInSession> session)
    {
        session.ToTable("sign_in_sessions");
        session.HasOne(s => s.User).WithMany().HasForeignKey(s => s.UserId);
        session.Property(s => s.Address).HasMaxLength(64);
        session.Property(s => s.UserAgent).HasMaxLength(SignInSession.MaxUserAgent);
        session.Property(s => s.EndReason).HasConversion<string>().HasMaxLength(32);
        session.HasIndex(s => s.EndedAt);
    }
}

[InControlDatabase]
sealed class SignInTriesMapping : IEntityTypeConfiguration<SignInTries>
{
    public void Configure(EntityTypeBuilder<SignInTries> tries)
    {
        tries.ToTable("sign_in_tries").HasKey(t => new { t.Subject, t.Address });
        tries.Property(t => t.Subject).HasMaxLength(40);
        tries.Property(t => t.Address).HasMaxLength(64);
    }
}

sealed class ApiClientMapping : IEntityTypeConfiguration<ApiClient>
{
    public void Configure(EntityTypeBuilder<ApiClient> client)
    {
        client.ToTable("api_clients");
        client.HasIndex(c => c.ClientId).IsUnique();
        client.Property(c => c.ClientId).HasMaxLength(64);
        client.Property(c => c.Name).HasMaxLength(64);
        client.HasOne<Company>().WithMany().HasForeignKey(c => c.CompanyId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class UserScope() : ScopeRule<User>(
    db => u => db.Scope.All || (u.CompanyId != null && db.Scope.Companies.Contains(u.CompanyId.Value)),
    (user, scope) => user.CompanyId is { } id && scope.Companies.Contains(id));

sealed class SignInSessionScope() : ScopeRule<SignInSession>(
    db => s => db.Scope.All || (s.User.CompanyId != null && db.Scope.Companies.Contains(s.User.CompanyId.Value)),
    (session, scope) => session is { User.CompanyId: { } id } && scope.Companies.Contains(id));

sealed class ApiClientScope() : ScopeRule<ApiClient>(
    db => c => db.Scope.All || (c.CompanyId != null && db.Scope.Companies.Contains(c.CompanyId.Value)),
    (client, scope) => client.CompanyId is { } id && scope.Companies.Contains(id));
