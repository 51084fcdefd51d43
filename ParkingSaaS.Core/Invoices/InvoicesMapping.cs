using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Invoices;

sealed class IssuerMapping : IEntityTypeConfiguration<Issuer>
{
    public void Configure(EntityTypeBuilder<Issuer> issuer)
    {
        issuer.ToTable("invoice_issuers");
        issuer.Property(i => i.Name).HasMaxLength(Issuer.MaxName);
        issuer.Property(i => i.TaxNumber).HasMaxLength(TaxNumber.MaxLength);
        issuer.Property(i => i.Address).HasMaxLength(Issuer.MaxContact);
        issuer.Property(i => i.Phone).HasMaxLength(20);
        issuer.Property(i => i.Bank).HasMaxLength(Issuer.MaxContact);
        issuer.Property(i => i.BankAccount).HasMaxLength(40);
        issuer.Property(i => i.GoodsName).HasMaxLength(Issuer.MaxGoods);
        issuer.Property(i => i.TaxCode).HasMaxLength(Issuer.TaxCodeLength);
        issuer.Property(i => i.Drawer).HasMaxLength(Issuer.MaxDrawer);
        issuer.Property(i => i.Provider).HasMaxLength(16);
        issuer.Property(i => i.AppKey).HasMaxLength(32);
        issuer.Property(i => i.ChangedBy).HasMaxLength(64);
        issuer.Property(i => i.RowVersion).IsRowVersion();
        issuer.HasOne<Company>().WithMany().HasForeignKey(i => i.CompanyId).OnDelete(DeleteBehavior.Restrict);
        issuer.HasOne<Lot>().WithMany().HasForeignKey(i => i.LotId).OnDelete(DeleteBehavior.Restrict);
        issuer.HasIndex(i => new { i.CompanyId, i.LotId }).IsUnique().AreNullsDistinct(false).HasFilter("enabled");
    }
}

/// <summary>Whoever asks for an invoice has to find its issuer; to change one is the whole city's affair, whichever lots it serves.</summary>
sealed class IssuerScope() : ScopeRule<Issuer>(_ => _ => true, (_, _) => false);

sealed class InvoiceMapping : IEntityTypeConfiguration<Invoice>
{
    public void Configure(EntityTypeBuilder<Invoice> invoice)
    {
        invoice.ToTable("invoices");
        invoice.ComplexProperty(i => i.Gross);
        invoice.ComplexProperty(i => i.Tax);
        invoice.Property(i => i.Serial).HasMaxLength(20);
        invoice.Property(i => i.ReverseSerial).HasMaxLength(20);
        invoice.Property(i => i.State).HasConversion<string>().HasMaxLength(16);
        invoice.Property(i => i.TitleKind).HasConversion<string>().HasMaxLength(16);
        invoice.Property(i => i.Buyer).HasMaxLength(Issuer.MaxName);
        invoice.Property(i => i.BuyerTaxNumber).HasMaxLength(TaxNumber.MaxLength);
        invoice.Property(i => i.BuyerContact).HasMaxLength(Issuer.MaxContact);
        invoice.Property(i => i.BuyerBank).HasMaxLength(Issuer.MaxContact);
        invoice.Property(i => i.Mail).HasMaxLength(50);
        invoice.Property(i => i.Phone).HasMaxLength(Common.Phone.MaxLength);
        invoice.Property(i => i.AskedBy).HasMaxLength(64);
        invoice.Property(i => i.Notify).HasMaxLength(1024);
        invoice.Property(i => i.Number).HasMaxLength(64);
        invoice.Property(i => i.Code).HasMaxLength(16);
        invoice.Property(i => i.Pdf).HasMaxLength(1024);
        invoice.Property(i => i.Ofd).HasMaxLength(1024);
        invoice.Property(i => i.Problem).HasMaxLength(Invoice.MaxReason);
        invoice.Property(i => i.ReverseReason).HasMaxLength(Invoice.MaxReason);
        invoice.Property(i => i.ReverseNumber).HasMaxLength(64);
        invoice.Property(i => i.RowVersion).IsRowVersion();
        invoice.HasOne<Issuer>().WithMany().HasForeignKey(i => i.IssuerId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasOne<Lot>().WithMany().HasForeignKey(i => i.LotId).OnDelete(DeleteBehavior.Restrict);
        invoice.HasIndex(i => i.Serial).IsUnique();
        invoice.HasIndex(i => i.Number).HasFilter("number <> ''");
        invoice.HasIndex(i => i.AskedAt);
        invoice.HasIndex(i => i.AskAt).HasFilter("ask_at IS NOT NULL");
    }
}

sealed class InvoiceLineMapping : IEntityTypeConfiguration<InvoiceLine>
{
    public void Configure(EntityTypeBuilder<InvoiceLine> line)
    {
        line.ToTable("invoice_lines", t => t.HasCheckConstraint("ck_invoice_lines_gross", "gross_minor > 0"));
        line.ComplexProperty(l => l.Gross);
        line.ComplexProperty(l => l.Tax);
        line.Property(l => l.Kind).HasMaxLength(16);
        line.HasOne<Invoice>().WithMany().HasForeignKey(l => l.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        line.HasOne<Lot>().WithMany().HasForeignKey(l => l.LotId).OnDelete(DeleteBehavior.Restrict);
        line.HasIndex(l => l.PayableId);
    }
}

sealed class InvoiceOperationMapping : IEntityTypeConfiguration<InvoiceOperation>
{
    public void Configure(EntityTypeBuilder<InvoiceOperation> operation)
    {
        operation.ToTable("invoice_operations");
        operation.Property(o => o.Kind).HasConversion<string>().HasMaxLength(16);
        operation.Property(o => o.By).HasMaxLength(64);
        operation.Property(o => o.Detail).HasMaxLength(Invoice.MaxReason);
        operation.HasOne<Invoice>().WithMany().HasForeignKey(o => o.InvoiceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class InvoiceMessageMapping : IEntityTypeConfiguration<InvoiceMessage>
{
    public void Configure(EntityTypeBuilder<InvoiceMessage> message)
    {
        message.ToTable("invoice_messages");
        message.Property(m => m.Method).HasMaxLength(64);
        message.Property(m => m.Sent).HasMaxLength(InvoiceMessage.MaxText);
        message.Property(m => m.Said).HasMaxLength(InvoiceMessage.MaxText);
        message.HasOne<Invoice>().WithMany().HasForeignKey(m => m.InvoiceId).OnDelete(DeleteBehavior.Restrict);
        message.HasIndex(m => m.At);
    }
}
