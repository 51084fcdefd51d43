using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Reports;

namespace ParkingSaaS.Web.Reports;

/// <summary>How pages show how full some lots are.</summary>
static class PlacesLook
{
    /// <summary>The colour of meters and marks: <c>full</c> from 95 % on, <c>nearly</c> from 80 %, else <c>free</c>.</summary>
    public static string Fullness(this Places places) => places.Percent switch { >= Full => "full", >= Nearly => "nearly", _ => "free" };

    const int Nearly = 80, Full = 95;

    /// <summary>What the colours and sizes of marks on a map say.</summary>
    public static IReadOnlyList<(string? State, string Text)> Key(IStringLocalizer<Texts> texts) =>
    [
        ("free", texts["Below {0}% taken", Nearly]), ("nearly", texts["{0}–{1}% taken", Nearly, Full - 1]), ("full", texts["{0}% taken or more", Full]),
        (null, texts["Larger circles have more spaces"])
    ];
}
