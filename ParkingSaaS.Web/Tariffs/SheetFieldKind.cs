namespace ParkingSaaS.Web.Tariffs;

/// <summary>How a field of a tariff is entered.</summary>
public enum SheetFieldKind
{
    /// <summary>As text.</summary>
    Text,

    /// <summary>As a number.</summary>
    Number,

    /// <summary>One of several.</summary>
    Choice,

    /// <summary>Any of several; none means all.</summary>
    Set
}
