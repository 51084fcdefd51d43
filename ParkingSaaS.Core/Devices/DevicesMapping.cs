using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Core.Devices;

sealed class DeviceMapping : IEntityTypeConfiguration<Device>
{
    public void Configure(EntityTypeBuilder<Device> device)
    {
        device.ToTable("devices");
        device.Property(d => d.Name).HasMaxLength(64);
        device.Property(d => d.Dialect).HasMaxLength(32);
        device.Property(d => d.Version).HasMaxLength(64);
        device.Property(d => d.Node).HasMaxLength(64);
        device.Property(d => d.Kind).HasConversion<string>().HasMaxLength(16);
        device.HasIndex(d => d.Name).IsUnique();
        device.HasOne<Lane>().WithMany().HasForeignKey(d => d.LaneId).OnDelete(DeleteBehavior.Restrict);
        device.HasOne<Berth>().WithMany().HasForeignKey(d => d.BerthId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DeviceCertificateMapping : IEntityTypeConfiguration<DeviceCertificate>
{
    public void Configure(EntityTypeBuilder<DeviceCertificate> certificate)
    {
        certificate.ToTable("device_certificates");
        certificate.Property(c => c.Thumbprint).HasMaxLength(64);
        certificate.Property(c => c.Subject).HasMaxLength(200);
        certificate.HasIndex(c => c.Thumbprint).IsUnique();
        certificate.HasIndex(c => c.DeviceId);
        certificate.HasOne<Device>().WithMany().HasForeignKey(c => c.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DeviceStateChangeMapping : IEntityTypeConfiguration<DeviceStateChange>
{
    public void Configure(EntityTypeBuilder<DeviceStateChange> change)
    {
        change.ToTable("device_state_changes");
        change.Property(c => c.State).HasMaxLength(16);
        change.Property(c => c.Detail).HasMaxLength(500);
        change.HasIndex(c => new { c.DeviceId, c.At });
        change.HasOne<Device>().WithMany().HasForeignKey(c => c.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DeviceFaultMapping : IEntityTypeConfiguration<DeviceFault>
{
    public void Configure(EntityTypeBuilder<DeviceFault> fault)
    {
        fault.ToTable("device_faults");
        fault.HasKey(f => new { f.DeviceId, f.Day, f.Kind });
        fault.Property(f => f.Kind).HasConversion<string>().HasMaxLength(16);
        fault.Property(f => f.Detail).HasMaxLength(DeviceFault.MaxDetail);
        fault.HasOne<Device>().WithMany().HasForeignKey(f => f.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DeviceMessageMapping : IEntityTypeConfiguration<DeviceMessage>
{
    public void Configure(EntityTypeBuilder<DeviceMessage> message)
    {
        message.ToTable("device_messages");
        message.Property(m => m.MessageId).HasMaxLength(64);
        message.Property(m => m.Kind).HasMaxLength(16);
        message.Property(m => m.Topic).HasMaxLength(DeviceMessage.MaxTopic);
        message.Property(m => m.ErrorCode).HasMaxLength(64);
        message.Property(m => m.Failure).HasMaxLength(DeviceMessage.MaxFailure);
        message.HasIndex(m => m.TryAt).HasFilter("try_at IS NOT NULL");
        message.HasIndex(m => new { m.DeviceId, m.MessageId }).IsUnique();
        message.HasIndex(m => new { m.LotId, m.ReceivedAt }).IsDescending(false, true);
        message.HasOne<Device>().WithMany().HasForeignKey(m => m.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DevicePictureMapping : IEntityTypeConfiguration<DevicePicture>
{
    public void Configure(EntityTypeBuilder<DevicePicture> picture)
    {
        picture.ToTable("device_pictures");
        picture.Property(p => p.Name).HasMaxLength(DevicePicture.MaxName);
        picture.Property(p => p.ContentType).HasMaxLength(16);
        picture.Property(p => p.Hash).HasMaxLength(64).IsFixedLength();
        picture.HasIndex(p => new { p.DeviceId, p.Name }).IsUnique();
        picture.HasIndex(p => p.ReceivedAt);
        picture.HasOne<Device>().WithMany().HasForeignKey(p => p.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DeviceMessageReplayMapping : IEntityTypeConfiguration<DeviceMessageReplay>
{
    public void Configure(EntityTypeBuilder<DeviceMessageReplay> replay)
    {
        replay.ToTable("device_message_replays");
        replay.Property(r => r.By).HasMaxLength(64);
        replay.HasIndex(r => new { r.MessageId, r.At });
        replay.HasOne<DeviceMessage>().WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class DeviceCommandMapping : IEntityTypeConfiguration<DeviceCommand>
{
    public void Configure(EntityTypeBuilder<DeviceCommand> command)
    {
        command.ToTable("device_commands");
        command.Property(c => c.Type).HasMaxLength(32);
        command.Property(c => c.Args).HasColumnType("jsonb");
        command.Property(c => c.By).HasMaxLength(64);
        command.Property(c => c.Reason).HasMaxLength(200);
        command.Property(c => c.ReplyCode).HasMaxLength(64);
        command.Property(c => c.State).HasConversion<string>().HasMaxLength(16);
        command.HasIndex(c => new { c.DeviceId, c.CreatedAt });
        command.HasIndex(c => c.OrderId).HasFilter("order_id IS NOT NULL");
        command.HasIndex(c => c.ExpiresAt).HasFilter("state IN ('Queued', 'Sent')");
        command.HasOne<Device>().WithMany().HasForeignKey(c => c.DeviceId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class BrokerStateMapping : IEntityTypeConfiguration<BrokerState>
{
    public void Configure(EntityTypeBuilder<BrokerState> state)
    {
        state.ToTable("broker_states");
        state.HasKey(b => new { b.Node, b.Owner, b.Item });
        state.Property(b => b.Node).HasMaxLength(64);
        state.Property(b => b.Sequence).UseIdentityByDefaultColumn();
    }
}
