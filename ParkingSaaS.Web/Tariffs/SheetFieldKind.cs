namespace ParkingSaaS.Web.Tariffs;

/// <summary>How a field of a tariff is entered.</summary>
public enum SheetFieldKind
{
    Text,

    Number,

    Date,

    /// <summary>As a date with a clock time.</summary>
    Time,

    /// <summary>As a month and a day, of every year.</summary>
    MonthDay,

    /// <summary>As texts, separated by commas.</summary>
    Names,

    /// <summary>One of several.</summary>
    Choice,

    /// <summary>Any of several; none means all.</summary>
    Set
}
