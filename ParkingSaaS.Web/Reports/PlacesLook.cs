using ParkingSaaS.Core.Reports;

namespace ParkingSaaS.Web.Reports;

/// <summary>How pages show how full some lots are.</summary>
static class PlacesLook
{
    /// <summary>The colour of meters and marks: <c>full</c> from 95 % on, <c>nearly</c> from 80 %, else <c>free</c>.</summary>
    public static string Fullness(this Places places) => places.Percent switch { >= 95 => "full", >= 80 => "nearly", _ => "free" };
}
