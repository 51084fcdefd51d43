using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>One field in which two tariffs differ.</summary>
/// <param name="Path">Pointer to the field; entries that have an id or a name are called by it, others by their place.</param>
/// <param name="Before">Its value as JSON; null where it is new.</param>
/// <param name="After">Its value as JSON; null where it is gone.</param>
public sealed record TariffDifference(string Path, string? Before, string? After)
{
    /// <summary>Every field in which they differ, in the order of the document. A rule that has moved is no difference of its
    /// fields, but of the rules' order.</summary>
    public static IReadOnlyList<TariffDifference> Between(Tariff before, Tariff after)
    {
        var (old, fresh) = (Fields(before), Fields(after));
        return [.. old.Keys.Union(fresh.Keys).Select(path => new TariffDifference(path, old.GetValueOrDefault(path), fresh.GetValueOrDefault(path)))
            .Where(d => d.Before != d.After)];
    }

    static Dictionary<string, string> Fields(Tariff tariff)
    {
        var fields = new Dictionary<string, string> { ["/rules"] = string.Join(", ", tariff.Rules.Select(r => r.Id)) };
        // Whether it says what counts anyway, or leaves it out, makes no difference.
        Add("", JsonSerializer.SerializeToNode(tariff with { Rules = [.. tariff.Rules.Select(Plain)] }, TariffJson.Options)!);
        return fields;

        void Add(string path, JsonNode node)
        {
            if (node is JsonObject o)
                foreach (var (name, value) in o)
                    Add($"{path}/{name}", value!);
            // A list of plain values is one value.
            else if (node is JsonArray { Count: > 0 } list && list[0] is JsonObject)
                for (var i = 0; i < list.Count; i++)
                    Add($"{path}/{Called(list, i)}", list[i]!);
            else
                fields[path] = node.ToJsonString(TariffJson.Options).Trim('"');
        }
    }

    static TariffRule Plain(TariffRule rule) => rule with
    {
        Per = rule.Per ?? Per.Window,
        Cap = rule.Cap is { } cap ? cap with { Per = cap.Per ?? Per.Window } : null
    };

    static string Called(JsonArray list, int index) =>
        (list[index]!["id"] ?? list[index]!["name"])?.ToString() is { } name
            && list.Count(i => (i!["id"] ?? i["name"])?.ToString() == name) == 1 ? name : index.ToString();
}
