using System.Text.Json;
using System.Text.Json.Nodes;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Web.Tariffs;

/// <summary>A tariff while it is being edited: the JSON itself, so that what the forms do not show is kept, and problems have the
/// same paths as the fields.</summary>
public sealed class TariffSheet
{
    static readonly JsonSerializerOptions Indented = new(TariffJson.Options) { WriteIndented = true };
    JsonObject root;
    TariffReading reading = null!;

    readonly Tariff? published;

    /// <param name="json">A JSON object.</param>
    /// <param name="published">What it is where it has been in force, even if today it would be refused.</param>
    public TariffSheet(string json, Tariff? published = null)
    {
        this.published = published;
        root = JsonNode.Parse(json)!.AsObject();
        Read();
    }

    /// <summary>Called after every change.</summary>
    public event Action? Changed;

    /// <summary>True once something was changed; false again after <see cref="Saved"/>.</summary>
    public bool Dirty { get; private set; }

    /// <summary>The tariff; null while there are problems, unless it is as it was published.</summary>
    public Tariff? Tariff => reading.Tariff ?? (Dirty ? null : published);

    /// <summary>What keeps it from being a tariff, or from being published.</summary>
    public IReadOnlyList<TariffProblem> Problems { get; private set; } = [];

    /// <summary>As it is kept and exported.</summary>
    public string Json => root.ToJsonString(Indented);

    /// <summary>Takes another text. Where it is no JSON object, that is said, and nothing changes.</summary>
    public TariffProblem? Replace(string json)
    {
        if (TariffJson.Malformed(json) is { } problem)
            return problem;
        if (JsonNode.Parse(json) is not JsonObject fresh)
            return new("", "json.wrongType", "Must be an object");
        root = fresh;
        Touch();
        return null;
    }

    /// <summary>The value there, or null.</summary>
    public JsonNode? Get(string path)
    {
        JsonNode? node = root;
        foreach (var part in Parts(path))
            node = node switch
            {
                JsonObject o => o[part],
                JsonArray a when int.TryParse(part, out var i) && i < a.Count => a[i],
                _ => null
            };
        return node;
    }

    /// <summary>The text there: of a number its digits, of nothing an empty text.</summary>
    public string Text(string path) => Get(path) is JsonValue value ? value.ToString() : "";

    /// <summary>The number there, or null.</summary>
    public decimal? Number(string path) => Get(path) is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : null;

    /// <summary>How many entries the list there has.</summary>
    public int Count(string path) => Get(path) is JsonArray list ? list.Count : 0;

    /// <summary>The texts of the list there.</summary>
    public IEnumerable<string> List(string path) => Get(path) is JsonArray list ? list.OfType<JsonValue>().Select(v => v.ToString()) : [];

    /// <summary>Writes; null takes the field away, and with it an object that is left empty.</summary>
    public void Set(string path, JsonNode? value)
    {
        var (parent, name) = Split(path);
        if (value is null)
        {
            (Get(parent) as JsonObject)?.Remove(name);
            // A limit without its amount and a window without its times are no longer there.
            if (Get(parent) is JsonObject { Count: 0 } || (parent.EndsWith("/cap") && name == "amount"))
                (Get(Split(parent).Parent) as JsonObject)?.Remove(Split(parent).Name);
        }
        else
        {
            if (Get(parent) is not JsonObject target)
            {
                target = [];
                var (above, last) = Split(parent);
                (Get(above) as JsonObject)?[last] = target;
            }
            target[name] = value;
        }
        Touch();
    }

    /// <summary>Appends to the list there.</summary>
    public void Add(string path, JsonNode item)
    {
        if (Get(path) is not JsonArray list)
            Set(path, list = []);
        list.Add(item);
        Touch();
    }

    /// <summary>Takes an entry out of the list there; an optional list that is left empty goes too.</summary>
    public void Remove(string path, int index)
    {
        if (Get(path) is not JsonArray list)
            return;
        list.RemoveAt(index);
        if (list.Count == 0 && Split(path).Name is not ("rules" or "stages"))
            Set(path, null);
        else
            Touch();
    }

    /// <summary>Writes another entry in the place of one.</summary>
    public void Replace(string path, int index, JsonNode item)
    {
        if (Get(path) is JsonArray list && index < list.Count)
            list[index] = item;
        Touch();
    }

    /// <summary>Moves an entry of the list there by one place.</summary>
    public void Move(string path, int index, int by)
    {
        if (Get(path) is not JsonArray list || index + by < 0 || index + by >= list.Count)
            return;
        var item = list[index];
        list.RemoveAt(index);
        list.Insert(index + by, item);
        Touch();
    }

    /// <summary>What is wrong with that field.</summary>
    public IEnumerable<TariffProblem> ProblemsAt(string path) => Problems.Where(p => p.Path == path);

    /// <summary>It is kept.</summary>
    public void Saved() => Dirty = false;

    void Touch()
    {
        Dirty = true;
        Read();
        Changed?.Invoke();
    }

    void Read()
    {
        reading = TariffJson.Read(root.ToJsonString(TariffJson.Options));
        Problems = reading.Tariff is { } tariff ? TariffChecks.Open(tariff) : reading.Problems;
    }

    static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    static (string Parent, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }
}
