using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Maps users; both databases have the same table.</summary>
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

/// <summary>Maps sessions; both databases have the same table.</summary>
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

/// <summary>Maps the counts of tries; both databases have the same table.</summary>
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
