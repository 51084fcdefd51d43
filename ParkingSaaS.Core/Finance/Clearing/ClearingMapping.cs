using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Core.Finance.Clearing;

sealed class PartyMapping : IEntityTypeConfiguration<Party>
{
    public void Configure(EntityTypeBuilder<Party> party)
    {
        party.ToTable("clearing_parties");
        party.Property(p => p.Name).HasMaxLength(Party.MaxText);
        party.Property(p => p.AccountHolder).HasMaxLength(Party.MaxText);
        party.Property(p => p.Bank).HasMaxLength(Party.MaxText);
        party.Property(p => p.AccountNumber).HasMaxLength(32);
        party.Property(p => p.ChangedBy).HasMaxLength(64);
        party.Property(p => p.RowVersion).IsRowVersion();
        party.HasIndex(p => p.Name).IsUnique();
    }
}

sealed class ClearingAgreementMapping : IEntityTypeConfiguration<ClearingAgreement>
{
    public void Configure(EntityTypeBuilder<ClearingAgreement> agreement)
    {
        agreement.ToTable("clearing_agreements");
        agreement.Property(a => a.ChangedBy).HasMaxLength(64);
        agreement.Property(a => a.RowVersion).IsRowVersion();
        agreement.HasMany(a => a.Shares).WithOne().HasForeignKey(x => x.AgreementId).OnDelete(DeleteBehavior.Cascade);
        agreement.HasIndex(a => new { a.LotId, a.From }).IsUnique();
    }
}

sealed class ClearingShareMapping : IEntityTypeConfiguration<ClearingShare>
{
    public void Configure(EntityTypeBuilder<ClearingShare> share)
    {
        share.ToTable("clearing_shares");
        share.HasKey(x => new { x.AgreementId, x.PartyId });
        share.HasOne<Party>().WithMany().HasForeignKey(x => x.PartyId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class ClearingRunMapping : IEntityTypeConfiguration<ClearingRun>
{
    public void Configure(EntityTypeBuilder<ClearingRun> run)
    {
        run.ToTable("clearing_runs");
        run.Property(c => c.MadeBy).HasMaxLength(64);
        run.Property(c => c.VoidedBy).HasMaxLength(64);
        run.Property(c => c.VoidReason).HasMaxLength(VoidClearing.MaxReason);
        run.Property(c => c.RowVersion).IsRowVersion();
        run.HasIndex(c => c.To);
    }
}

sealed class ClearingStatementMapping : IEntityTypeConfiguration<ClearingStatement>
{
    public void Configure(EntityTypeBuilder<ClearingStatement> statement)
    {
        statement.ToTable("clearing_statements");
        statement.ComplexProperty(x => x.Amount);
        statement.Property(x => x.Party).HasMaxLength(Party.MaxText);
        statement.Property(x => x.AccountHolder).HasMaxLength(Party.MaxText);
        statement.Property(x => x.Bank).HasMaxLength(Party.MaxText);
        statement.Property(x => x.AccountNumber).HasMaxLength(32);
        statement.Property(x => x.Reference).HasMaxLength(PayOutStatement.MaxReference);
        statement.Property(x => x.PaidBy).HasMaxLength(64);
        statement.Property(x => x.RowVersion).IsRowVersion();
        statement.HasOne<ClearingRun>().WithMany().HasForeignKey(x => x.RunId).OnDelete(DeleteBehavior.Restrict);
        statement.HasOne<Party>().WithMany().HasForeignKey(x => x.PartyId).OnDelete(DeleteBehavior.Restrict);
        statement.HasIndex(x => new { x.RunId, x.PartyId }).IsUnique();
    }
}

sealed class ClearingLineMapping : IEntityTypeConfiguration<ClearingLine>
{
    public void Configure(EntityTypeBuilder<ClearingLine> line)
    {
        line.ToTable("clearing_lines");
        line.ComplexProperty(l => l.Base);
        line.ComplexProperty(l => l.Amount);
        line.ComplexProperty(l => l.Shared);
        line.ComplexProperty(l => l.PaidOut);
        line.HasOne<ClearingStatement>().WithMany().HasForeignKey(l => l.StatementId).OnDelete(DeleteBehavior.Restrict);
    }
}
