using System.Text;
using System.Text.Json;

namespace ParkingSaaS.Core.Tariffs;

/// <summary>Finds where a text stops being JSON, which the serialiser tells by line and byte only: pointer, line and character.</summary>
internal static class TariffJsonText
{
    /// <summary>What is wrong; null where nothing is. A field that is repeated is wrong, too.</summary>
    public static TariffProblem? Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var open = new Stack<Container>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    open.Pop();
                else if (reader.TokenType is JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    open.Peek().Field = name;
                    if (!open.Peek().Fields.Add(name))
                        return new(Pointer(open), "json.repeated", At(json, (int)reader.TokenStartIndex, $"\"{name}\" is repeated"));
                }
                else if (open.TryPeek(out var list) && list.IsList)
                    list.Index++;
                if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: true })
                    _ = reader.GetString();
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    open.Push(new Container(reader.TokenType is JsonTokenType.StartArray));
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a text that is no Unicode
        {
            // The reason, without the place in the framework's words.
            var reason = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            return new(Pointer(open), "json.malformed", At(json, (int)reader.BytesConsumed, reason));
        }
    }

    static string Pointer(Stack<Container> open) => string.Concat(open.Reverse().Select(c => c.IsList ? c.Index < 0 ? "" : "/" + c.Index
        : c.Field is null ? "" : TariffProblem.Step(c.Field)));

    static string At(ReadOnlySpan<byte> json, int place, string what)
    {
        var before = Encoding.UTF8.GetString(json[..place]);
        return $"Line {before.Count(c => c == '\n') + 1}, character {before.Length - before.LastIndexOf('\n')}: {what}";
    }

    sealed class Container(bool isList)
    {
        public bool IsList => isList;
        public int Index { get; set; } = -1;
        public string? Field { get; set; }
        public HashSet<string> Fields { get; } = [];
    }
}
