using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Messages;

sealed class MessageMapping : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.ToTable("messages");
        message.Property(m => m.Scene).HasConversion<string>().HasMaxLength(24);
        message.Property(m => m.Way).HasConversion<string>().HasMaxLength(8);
        message.Property(m => m.Plate).HasMaxLength(Plate.MaxLength);
        message.Property(m => m.Address).HasMaxLength(Message.MaxAddress);
        message.Property(m => m.Masked).HasMaxLength(Message.MaxAddress + 4);
        message.Property(m => m.Contact).HasMaxLength(64);
        message.Property(m => m.Language).HasConversion<string>().HasMaxLength(16);
        message.Property(m => m.Template).HasMaxLength(SceneText.MaxTemplate);
        message.Property(m => m.Code).HasMaxLength(16);
        message.Property(m => m.By).HasMaxLength(Message.MaxBy);
        message.Property(m => m.State).HasConversion<string>().HasMaxLength(16);
        message.Property(m => m.Reference).HasMaxLength(128);
        message.Property(m => m.Problem).HasMaxLength(Message.MaxProblem);
        message.Property(m => m.RowVersion).IsRowVersion();
        // Whoever finds the same thing twice tells it once.
        message.HasIndex(m => new { m.SubjectId, m.Scene, m.Way }).IsUnique();
        message.HasIndex(m => m.Code).IsUnique();
        message.HasIndex(m => m.DueAt).HasFilter("due_at IS NOT NULL");
        message.HasIndex(m => new { m.Contact, m.TriedAt });
        message.HasIndex(m => new { m.Plate, m.CreatedAt }).HasFilter("plate IS NOT NULL");
        message.HasIndex(m => m.CreatedAt);
    }
}

/// <summary>A message names cars and people of the whole city.</summary>
sealed class MessageScope() : ScopeRule<Message>(db => _ => db.Scope.All, (_, _) => false);

sealed class MessageAccountMapping : IEntityTypeConfiguration<MessageAccount>
{
    public void Configure(EntityTypeBuilder<MessageAccount> account)
    {
        account.ToTable("message_accounts");
        account.Property(a => a.Way).HasConversion<string>().HasMaxLength(8);
        account.Property(a => a.Provider).HasConversion<string>().HasMaxLength(16);
        account.Property(a => a.Sender).HasMaxLength(MessageAccount.MaxText);
        account.Property(a => a.User).HasMaxLength(MessageAccount.MaxText);
        account.Property(a => a.Host).HasMaxLength(MessageAccount.MaxText);
        account.Property(a => a.Security).HasConversion<string>().HasMaxLength(16);
        account.Property(a => a.ChangedBy).HasMaxLength(64);
        account.Property(a => a.RowVersion).IsRowVersion();
        account.HasIndex(a => a.Way).IsUnique();
    }
}

sealed class MessageAccountScope() : ScopeRule<MessageAccount>(db => _ => db.Scope.All, (_, _) => false);

sealed class SceneTextMapping : IEntityTypeConfiguration<SceneText>
{
    public void Configure(EntityTypeBuilder<SceneText> text)
    {
        text.ToTable("scene_texts").HasKey(t => new { t.Scene, t.Way, t.Language });
        text.Property(t => t.Scene).HasConversion<string>().HasMaxLength(24);
        text.Property(t => t.Way).HasConversion<string>().HasMaxLength(8);
        text.Property(t => t.Language).HasConversion<string>().HasMaxLength(16);
        text.Property(t => t.Text).HasMaxLength(SceneText.MaxText);
        text.Property(t => t.Subject).HasMaxLength(SceneText.MaxSubject);
        text.Property(t => t.Template).HasMaxLength(SceneText.MaxTemplate);
        text.Property(t => t.ChangedBy).HasMaxLength(64);
        text.Property(t => t.RowVersion).IsRowVersion();
    }
}

sealed class MessageRulesMapping : IEntityTypeConfiguration<MessageRules>
{
    public void Configure(EntityTypeBuilder<MessageRules> rules)
    {
        rules.ToTable("message_rules");
        rules.Property(r => r.Id).ValueGeneratedNever();
        rules.ComplexProperty(r => r.AtLeast);
        rules.Property(r => r.ChangedBy).HasMaxLength(64);
        rules.Property(r => r.RowVersion).IsRowVersion();
    }
}

sealed class MessageDeclineMapping : IEntityTypeConfiguration<MessageDecline>
{
    public void Configure(EntityTypeBuilder<MessageDecline> decline)
    {
        decline.ToTable("message_declines").HasKey(d => new { d.Contact, d.Scene });
        decline.Property(d => d.Contact).HasMaxLength(64);
        decline.Property(d => d.Scene).HasConversion<string>().HasMaxLength(24);
    }
}

sealed class MessageDeclineScope() : ScopeRule<MessageDecline>(db => _ => db.Scope.All, (_, _) => false);
