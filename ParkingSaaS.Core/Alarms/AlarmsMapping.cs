using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Alarms;

sealed class AlarmMapping : IEntityTypeConfiguration<Alarm>
{
    public void Configure(EntityTypeBuilder<Alarm> alarm)
    {
        alarm.ToTable("alarms");
        alarm.Property(a => a.Kind).HasConversion<string>().HasMaxLength(24);
        alarm.Property(a => a.AcknowledgedBy).HasMaxLength(64);
        alarm.Property(a => a.Note).HasMaxLength(Alarm.MaxNote);
        alarm.HasOne<Lot>().WithMany().HasForeignKey(a => a.LotId).OnDelete(DeleteBehavior.Restrict);
        alarm.HasOne<Device>().WithMany().HasForeignKey(a => a.DeviceId).OnDelete(DeleteBehavior.Restrict);
        alarm.HasOne<Order>().WithMany().HasForeignKey(a => a.OrderId).OnDelete(DeleteBehavior.Restrict);
        // Two nodes that see the same cause cannot both raise an alarm.
        alarm.HasIndex(a => new { a.Kind, a.LotId, a.DeviceId, a.OrderId }).IsUnique().AreNullsDistinct(false).HasFilter("ended_at IS NULL")
            .HasDatabaseName("ix_alarms_open");
        alarm.HasIndex(a => a.RaisedAt);
        alarm.HasIndex(a => a.EndedAt);
    }
}

sealed class AlarmRuleMapping : IEntityTypeConfiguration<AlarmRule>
{
    public void Configure(EntityTypeBuilder<AlarmRule> rule)
    {
        rule.ToTable("alarm_rules").HasKey(r => r.Kind);
        rule.Property(r => r.Kind).HasConversion<string>().HasMaxLength(24);
        rule.Property(r => r.ChangedBy).HasMaxLength(64);
        rule.Property(r => r.RowVersion).IsRowVersion();
    }
}

/// <summary>What is about the whole city is not a district's or a company's.</summary>
sealed class AlarmScope() : ScopeRule<Alarm>(
    db => a => db.Scope.All || (a.LotId != null && db.Scope.Lots.Contains(a.LotId.Value)),
    (alarm, scope) => alarm.LotId is { } lot && scope.Lots.Contains(lot));
