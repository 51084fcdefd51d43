using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ParkingSaaS.Core.Common;

/// <summary>What was said to somebody outside and what they answered, as it is kept.</summary>
static class KeptJson
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A text without what is personal; empty where it is no JSON, for nobody knows then what is in it.</summary>
    /// <param name="personal">The names of what is left out, wherever they stand.</param>
    /// <param name="most">The rest of a longer text is not kept.</param>
    public static string Text(ReadOnlySpan<byte> json, IReadOnlyCollection<string> personal, int most)
    {
        try
        {
            var node = JsonNode.Parse(json);
            Strip(node, personal);
            var text = node?.ToJsonString(Readable) ?? "";
            return text.Length > most ? text[..most] : text;
        }
        catch (JsonException)
        {
            return "";
        }
    }

    static void Strip(JsonNode? node, IReadOnlyCollection<string> personal)
    {
        if (node is JsonArray list)
            foreach (var item in list)
                Strip(item, personal);
        if (node is not JsonObject whole)
            return;
        foreach (var name in personal)
            whole.Remove(name);
        foreach (var (_, part) in whole)
            Strip(part, personal);
    }
}
