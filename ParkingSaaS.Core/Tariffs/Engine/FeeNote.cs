namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>Something about a fee that no amount of it says.</summary>
/// <param name="Subject">What it is about, as <see cref="FeeNoteCode"/> says.</param>
public sealed record FeeNote(FeeNoteCode Code, string Subject);

/// <summary>Stable: screens and the API word a note by it.</summary>
public enum FeeNoteCode
{
    /// <summary>Nobody has gone through that year of the calendar, so its days follow their weekdays. Subject is the year.</summary>
    CalendarYearMissing,

    /// <summary>The black list knows the car, so no other list frees it. Subject is the entry, with its reason.</summary>
    BlackList,

    /// <summary>Free: the car is on the white list. Subject is the entry, with its reason.</summary>
    WhiteList,

    /// <summary>Free: plates of this form are. Subject is the entry, with its reason.</summary>
    SpecialPlate,

    /// <summary>Somebody marked the stay for what the tariff charges by hand. Subject is the reason.</summary>
    MarkedByHand,

    /// <summary>Somebody ended the stay and let its fee go. Subject is the reason.</summary>
    Waived
}
