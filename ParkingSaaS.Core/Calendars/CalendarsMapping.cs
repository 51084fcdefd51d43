using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ParkingSaaS.Core.Lots;

namespace ParkingSaaS.Core.Calendars;

/// <summary>Bounds of what is kept.</summary>
public static class CalendarsMapping
{
    /// <summary>The longest name of a calendar, a holiday or a special type.</summary>
    public const int MaxName = 64;

    /// <summary>The longest list of changed days: a whole year with the longest names, before and after.</summary>
    public const int MaxDetail = 70_000;
}

sealed class DayCalendarMapping : IEntityTypeConfiguration<DayCalendar>
{
    public void Configure(EntityTypeBuilder<DayCalendar> calendar)
    {
        calendar.ToTable("calendars");
        calendar.Property(c => c.Name).HasMaxLength(CalendarsMapping.MaxName);
        calendar.HasIndex(c => c.Name).IsUnique();
        calendar.HasIndex(c => c.IsDefault).IsUnique().HasFilter("is_default").HasDatabaseName("ix_calendars_default");
        calendar.Property(c => c.RowVersion).IsRowVersion();
        calendar.HasMany<Lot>().WithOne().HasForeignKey(l => l.CalendarId).OnDelete(DeleteBehavior.Restrict);
    }
}

sealed class CalendarYearMapping : IEntityTypeConfiguration<CalendarYear>
{
    public void Configure(EntityTypeBuilder<CalendarYear> year)
    {
        year.ToTable("calendar_years");
        year.HasKey(y => new { y.CalendarId, y.Year });
        year.HasOne<DayCalendar>().WithMany().HasForeignKey(y => y.CalendarId).OnDelete(DeleteBehavior.Cascade);
    }
}

sealed class CalendarDayMapping : IEntityTypeConfiguration<CalendarDay>
{
    public void Configure(EntityTypeBuilder<CalendarDay> day)
    {
        day.ToTable("calendar_days");
        day.HasKey(d => new { d.CalendarId, d.Date });
        day.Property(d => d.Name).HasMaxLength(CalendarsMapping.MaxName);
        day.HasOne<DayCalendar>().WithMany().HasForeignKey(d => d.CalendarId).OnDelete(DeleteBehavior.Cascade);
    }
}

sealed class CalendarChangeMapping : IEntityTypeConfiguration<CalendarChange>
{
    public void Configure(EntityTypeBuilder<CalendarChange> change)
    {
        change.ToTable("calendar_changes");
        change.Property(c => c.By).HasMaxLength(64);
        change.Property(c => c.Detail).HasMaxLength(CalendarsMapping.MaxDetail);
        change.HasIndex(c => new { c.CalendarId, c.At });
        change.HasOne<DayCalendar>().WithMany().HasForeignKey(c => c.CalendarId).OnDelete(DeleteBehavior.Cascade);
    }
}
