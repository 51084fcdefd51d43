using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Core.Cluster;

/// <summary>The nodes of the installation, and what they tell each other. The host says which one this is, by a <see cref="NodeName"/>.</summary>
sealed class ClusterSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddSingleton<FaultLog>().AddSingleton<NodeChannel>().AddSingleton<NodePresence>();
}

[InControlDatabase(Only = true)]
sealed class NodeMapping : IEntityTypeConfiguration<PlatformNode>
{
    public void Configure(EntityTypeBuilder<PlatformNode> node)
    {
        node.ToTable("nodes").HasKey(n => n.Name);
        node.Property(n => n.Name).HasMaxLength(64);
    }
}
