using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Calendars;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Storage;

/// <summary>A city's database, seen within an actor's reach. It is opened by <see cref="CitySessions"/> only.</summary>
public sealed class CityDb(DbContextOptions<CityDb> options) : DbContext(options)
{
    /// <summary>Name of the query filter that holds rows back from those whose reach does not cover them.</summary>
    public const string ReachFilter = "reach";

    /// <summary>What may be seen and written. Starts as nothing, so that a context that came past the door shows nothing.</summary>
    internal Reach Reach { get; set; } = Reach.Nothing;

    public DbSet<User> Users => Set<User>();
    public DbSet<SignInSession> SignInSessions => Set<SignInSession>();
    public DbSet<ApiClient> ApiClients => Set<ApiClient>();
    public DbSet<Area> Areas => Set<Area>();
    public DbSet<Road> Roads => Set<Road>();
    public DbSet<LotGroup> LotGroups => Set<LotGroup>();
    public DbSet<Company> Companies => Set<Company>();
    public DbSet<Lot> Lots => Set<Lot>();
    public DbSet<LotZone> LotZones => Set<LotZone>();
    public DbSet<LotPhoto> LotPhotos => Set<LotPhoto>();
    public DbSet<Lane> Lanes => Set<Lane>();
    public DbSet<Berth> Berths => Set<Berth>();
    public DbSet<Device> Devices => Set<Device>();
    public DbSet<DeviceCertificate> DeviceCertificates => Set<DeviceCertificate>();
    public DbSet<DeviceFault> DeviceFaults => Set<DeviceFault>();
    public DbSet<DeviceStateChange> DeviceStateChanges => Set<DeviceStateChange>();
    public DbSet<DeviceMessage> DeviceMessages => Set<DeviceMessage>();
    public DbSet<DeviceMessageReplay> DeviceMessageReplays => Set<DeviceMessageReplay>();
    public DbSet<DeviceCommand> DeviceCommands => Set<DeviceCommand>();
    public DbSet<BrokerState> BrokerStates => Set<BrokerState>();
    public DbSet<TariffPlan> Tariffs => Set<TariffPlan>();
    public DbSet<TariffVersion> TariffVersions => Set<TariffVersion>();
    public DbSet<LotTariff> LotTariffs => Set<LotTariff>();
    public DbSet<DayCalendar> Calendars => Set<DayCalendar>();
    public DbSet<CalendarYear> CalendarYears => Set<CalendarYear>();
    public DbSet<CalendarDay> CalendarDays => Set<CalendarDay>();
    public DbSet<CalendarChange> CalendarChanges => Set<CalendarChange>();
    public DbSet<PlateRule> PlateRules => Set<PlateRule>();
    public DbSet<PlateRuleChange> PlateRuleChanges => Set<PlateRuleChange>();
    public DbSet<PlateGroupChange> PlateGroupChanges => Set<PlateGroupChange>();
    public DbSet<PassProduct> PassProducts => Set<PassProduct>();
    public DbSet<Pass> Passes => Set<Pass>();
    public DbSet<PassPlate> PassPlates => Set<PassPlate>();
    public DbSet<PassPeriod> PassPeriods => Set<PassPeriod>();
    public DbSet<PassPause> PassPauses => Set<PassPause>();
    public DbSet<PassOperation> PassOperations => Set<PassOperation>();
    public DbSet<PlateGroup> PlateGroups => Set<PlateGroup>();
    public DbSet<PlateGroupPlate> PlateGroupPlates => Set<PlateGroupPlate>();
    public DbSet<Owner> Owners => Set<Owner>();
    public DbSet<OwnerPlate> OwnerPlates => Set<OwnerPlate>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<Passage> Passages => Set<Passage>();
    public DbSet<OrderOperation> OrderOperations => Set<OrderOperation>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder model)
    {
        model.HasPostgresExtension("pg_trgm");
        model.ApplyConfigurationsFromAssembly(typeof(CityDb).Assembly, type => type != typeof(CityMapping));
        foreach (var entity in model.Model.GetEntityTypes().Where(e => typeof(ILotOwned).IsAssignableFrom(e.ClrType)).ToList())
            OwnByLot(model, entity);
        model.Entity<Company>().HasQueryFilter(ReachFilter, c => Reach.All || Reach.Companies.Contains(c.Id));
        model.Entity<User>().HasQueryFilter(ReachFilter,
            u => Reach.All || (u.CompanyId != null && Reach.Companies.Contains(u.CompanyId.Value)));
        model.Entity<SignInSession>().HasQueryFilter(ReachFilter,
            s => Reach.All || (s.User.CompanyId != null && Reach.Companies.Contains(s.User.CompanyId.Value)));
        model.Entity<ApiClient>().HasQueryFilter(ReachFilter,
            c => Reach.All || (c.CompanyId != null && Reach.Companies.Contains(c.CompanyId.Value)));
        model.Entity<PlateRule>().HasQueryFilter(ReachFilter,
            r => Reach.All || r.LotIds.Count == 0 || r.LotIds.Any(lot => Reach.Lots.Contains(lot)));
        model.Entity<PlateRuleChange>().HasQueryFilter(ReachFilter,
            c => Reach.All || c.LotIds.Count == 0 || c.LotIds.Any(lot => Reach.Lots.Contains(lot)));
        model.Entity<PassProduct>().HasQueryFilter(ReachFilter,
            p => Reach.All || p.Scope != PassScope.Lots || p.LotIds.Any(lot => Reach.Lots.Contains(lot)));
        // An owner is seen by those to whom a device saw the car come. What people type or pay themselves proves nothing: whoever works
        // a booth could look anybody up. Devices may have read the letters O and I, which a known car never has.
        model.Entity<OwnerPlate>().HasQueryFilter(ReachFilter, p => Reach.All || Orders.Any(o => o.Plate == p.Plate
            && Passages.Any(x => x.OrderId == o.Id && x.DeviceId != null
                && (x.Plate == p.Plate || x.Plate!.Replace("O", "0").Replace("I", "1") == p.Plate))));
        model.Entity<Owner>().HasQueryFilter(ReachFilter, o => Reach.All || OwnerPlates.Any(p => p.OwnerId == o.Id));
    }

    /// <summary>Filters the entity by reach, ties it to its lot, and makes the lot part of what an update must find unchanged.</summary>
    void OwnByLot(ModelBuilder model, IMutableEntityType entity)
    {
        var row = Expression.Parameter(entity.ClrType);
        var lotId = Expression.Property(row, entity.ClrType == typeof(Lot) ? nameof(Lot.Id) : nameof(ILotOwned.LotId));
        var reach = Expression.Property(Expression.Constant(this), nameof(Reach));
        var covered = Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [typeof(Guid)],
            Expression.Property(reach, nameof(Tenancy.Reach.Lots)), lotId);
        model.Entity(entity.ClrType).HasQueryFilter(ReachFilter,
            Expression.Lambda(Expression.OrElse(Expression.Property(reach, nameof(Tenancy.Reach.All)), covered), row));
        if (entity.ClrType == typeof(Lot))
            return;
        model.Entity(entity.ClrType).Property(nameof(ILotOwned.LotId)).IsConcurrencyToken();
        model.Entity(entity.ClrType).HasOne(typeof(Lot)).WithMany().HasForeignKey(nameof(ILotOwned.LotId))
            .OnDelete(DeleteBehavior.Restrict);
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync");

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken ct = default) =>
        WithinReachAsync(() => base.SaveChangesAsync(acceptAllChangesOnSuccess, ct));

    /// <summary>As <see cref="DbContext.SaveChangesAsync(CancellationToken)"/>, for hundreds of rows, within a transaction, at the end of a unit of work:
    /// what is written is no longer tracked.</summary>
    /// <exception cref="DbUpdateConcurrencyException">A row is not as it was read.</exception>
    public Task SaveManyAsync(CancellationToken ct) => WithinReachAsync(async () =>
    {
        await BulkSave.WriteAsync(this, ct);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess: true, ct);
    });

    async Task<int> WithinReachAsync(Func<Task<int>> save)
    {
        // This detects the changes, so that EF need not do so once more.
        foreach (var entry in ChangeTracker.Entries())
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
                RequireReach(entry.Entity);
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return await save();
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    /// <exception cref="OutOfReachException">The row belongs to a lot or company that the actor does not see.</exception>
    void RequireReach(object entity)
    {
        var covered = Reach.All || entity switch
        {
            ILotOwned row => Reach.Lots.Contains(row.LotId),
            User user => user.CompanyId is { } id && Reach.Companies.Contains(id),
            SignInSession { User.CompanyId: { } id } => Reach.Companies.Contains(id),
            ApiClient client => client.CompanyId is { } id && Reach.Companies.Contains(id),
            PlateRule rule => rule.LotIds.Count > 0 && rule.LotIds.TrueForAll(Reach.Lots.Contains),
            PlateRuleChange change => change.LotIds.Count > 0 && change.LotIds.TrueForAll(Reach.Lots.Contains),
            PassProduct product => product.Scope is PassScope.Lots && product.LotIds.TrueForAll(Reach.Lots.Contains),
            Company company => Reach.Companies.Contains(company.Id),
            _ => false
        };
        if (!covered)
            throw new OutOfReachException(entity.GetType().Name);
    }
}

/// <summary>Somebody tried to write a row outside of the actor's reach: a forged request, or a fault.</summary>
public sealed class OutOfReachException(string what) : Exception($"{what} is out of the actor's reach");
