using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Lots;

/// <summary>How a lane reads.</summary>
static class LaneWords
{
    /// <summary>Which way cars pass the lane; empty where its name says that to who reads it: <c>Exit 2</c>, <c>东出口</c>.</summary>
    public static string Way(this IStringLocalizer<Texts> texts, Lane lane, PageNames names)
    {
        var name = names[lane.Name];
        var entry = Says(texts.Of(LaneDirection.Entry), texts["lane.entrance"]);
        var exit = Says(texts.Of(LaneDirection.Exit), texts["lane.exit"]);
        var both = (entry && exit) || Says(texts.Of(LaneDirection.Both)); // 出入口 has 入口 in it
        var said = lane.Direction switch
        {
            LaneDirection.Entry => entry && !both,
            LaneDirection.Exit => exit && !both,
            _ => both
        };
        return said ? "" : texts.Of(lane.Direction);

        // Whole words of ours, any characters of Chinese: a sentry is no entry.
        bool Says(params string[] words) => words.Any(word =>
            Regex.IsMatch(name, $"(?<![a-z]){Regex.Escape(word)}(?![a-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
    }
}
