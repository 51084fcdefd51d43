using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ParkingSaaS.Core.Finance;

sealed class BookProofMapping : IEntityTypeConfiguration<BookProof>
{
    public void Configure(EntityTypeBuilder<BookProof> proof)
    {
        proof.ToTable("book_proofs");
        proof.HasKey(p => new { p.Day, p.LotId });
        proof.ComplexProperty(p => p.Charged);
        proof.ComplexProperty(p => p.Received);
        proof.ComplexProperty(p => p.Outstanding);
    }
}
