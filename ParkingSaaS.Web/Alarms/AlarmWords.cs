using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Alarms;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Alarms;

/// <summary>How screens speak of alarms.</summary>
static class AlarmWords
{
    /// <summary>How many are open, and how many of them wait for the person: the same words wherever they are counted.</summary>
    public static string Counts(this IStringLocalizer<Texts> texts, OpenAlarms alarms) => texts["Open: {0}, for you: {1}", alarms.Open, alarms.Yours];

    /// <summary>What it is about: a device, a car, a lot, or the city.</summary>
    public static string About(this IStringLocalizer<Texts> texts, AlarmRow alarm, PageNames local) =>
        alarm.Device ?? (alarm.OrderId is not null ? alarm.Plate ?? texts["No plate"] : alarm.Lot is null ? texts["The whole city"] : local[alarm.Lot]);

    /// <summary>In which lot that is, and the figures.</summary>
    /// <param name="withLot">False where all is of one lot.</param>
    public static string Detail(this IStringLocalizer<Texts> texts, AlarmRow alarm, PageNames local, Currency currency, bool withLot = true)
    {
        var lot = withLot && (alarm.DeviceId ?? alarm.OrderId) is not null ? local[alarm.Lot] : "";
        return string.Join(" · ", new[] { lot, texts.Figures(alarm, currency) }.Where(words => words.Length > 0));
    }

    /// <summary>The page of that, relative to the city's.</summary>
    public static string Href(AlarmRow alarm) => alarm switch
    {
        { OrderId: { } order } => $"orders/{order}",
        { DeviceId: { } device } => $"devices/{device}",
        { Kind: AlarmKind.IncomeUnusual } => "reports/income",
        { Kind: AlarmKind.ShiftOpen, LotId: { } lot } => $"shifts?overdue=true&lot={lot}",
        { LotId: { } lot } => $"lots/{lot}",
        _ => "alarms"
    };

    /// <summary>The figures beside each other: what is, and what was usual or would be too much.</summary>
    public static string Figures(this IStringLocalizer<Texts> texts, AlarmRow alarm, Currency currency) => alarm switch
    {
        { Kind: AlarmKind.IncomeUnusual, Value: { } now, Norm: { } usual } =>
            texts["{0} where {1} is usual", currency.Text(new Money(now)), currency.Text(new Money(usual))],
        { Kind: AlarmKind.BatteryLow, Value: { } percent } => $"{percent}%",
        { Kind: AlarmKind.LotFull, Value: { } cars, Norm: { } places } => texts["{0} of {1} spaces", cars, places],
        { Kind: AlarmKind.StayTooLong, Norm: { } days } => texts["over {0} days", days],
        { Kind: AlarmKind.ShiftOpen, Value: { } shifts } => texts["Shifts: {0}", shifts],
        _ => ""
    };

    public static BadgeTone Tone(AlarmLevel level) => level switch
    {
        AlarmLevel.Critical => BadgeTone.Danger,
        AlarmLevel.Warning => BadgeTone.Warning,
        _ => BadgeTone.Info
    };
}
