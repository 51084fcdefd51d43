using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>Somebody who can be told something.</summary>
/// <param name="Phone">In the form of <see cref="Common.Phone"/>; null where only mail reaches them.</param>
/// <param name="Mail">Null where they gave none.</param>
sealed record Recipient(string? Phone, string? Mail, OwnerLanguage Language)
{
    public static Recipient Of(Owner owner) => new(owner.Phone, owner.Mail, owner.Language);
}

/// <summary>What somebody is told.</summary>
/// <param name="SubjectId">See <see cref="Message.SubjectId"/>.</param>
/// <param name="Values">What the scene's places are filled with, in a language; those of the link are filled in later.</param>
sealed record Told(MessageScene Scene, Guid SubjectId, Recipient To, Func<OwnerLanguage, Dictionary<string, string>> Values)
{
    public string? Plate { get; init; }
    public List<Guid> OrderIds { get; init; } = [];
    public Guid? PassId { get; init; }
}

/// <summary>Puts what is told into words and into the session, by each way on which the city says it and the person can be reached.</summary>
public sealed class WriteMessages(CityNames names, MessagePolicy policy)
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the city says in those scenes.</summary>
    internal static Task<List<SceneText>> TextsAsync(CitySession s, IReadOnlyCollection<MessageScene> scenes, CancellationToken ct) =>
        s.Db.Set<SceneText>().AsNoTracking().Where(t => t.Since != null && scenes.Contains(t.Scene)).ToListAsync(ct);

    /// <summary>Adds the messages; that each is there once, the caller has looked and the database holds.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> AddAsync(CitySession s, IReadOnlyList<SceneText> texts, Told told)
    {
        await names.LoadAsync(s.City.Code);
        var added = 0;
        foreach (var way in Enum.GetValues<MessageWay>())
        {
            var address = way is MessageWay.Sms ? told.To.Phone : told.To.Mail;
            // Who reads a language in which nothing is said reads the other.
            var text = texts.Where(t => t.Scene == told.Scene && t.Way == way).MaxBy(t => t.Language == told.To.Language);
            if (address is null || text is null)
                continue;
            s.Db.Add(Of(s, text, told, address));
            added++;
        }
        return added;
    }

    /// <summary>A message in a city's words.</summary>
    /// <param name="test">See <see cref="Message.Test"/>.</param>
    internal Message Of(CitySession s, SceneText text, Told told, string address, bool test = false)
    {
        var (id, code) = (Guid.CreateVersion7(s.Now), Message.NewCode());
        var values = told.Values(text.Language);
        (values["link"], values["code"]) = (policy.LinkOf(s.City, code)?.ToString() ?? code, code);
        return new Message
        {
            Id = id,
            Scene = told.Scene,
            Way = text.Way,
            SubjectId = told.SubjectId,
            Plate = told.Plate,
            OrderIds = told.OrderIds,
            PassId = told.PassId,
            Address = address,
            Masked = Message.Mask(text.Way, address),
            Contact = Message.HashOf(s.City.Code, address),
            Language = text.Language,
            Subject = SceneKind.Fill(text.Subject, values),
            Text = SceneKind.Fill(text.Text, values),
            Template = text.Template,
            Parameters = JsonSerializer.Serialize(SceneKind.PlacesOf(text.Text).ToDictionary(p => p, p => values[p]), Plain),
            Code = code,
            Test = test,
            By = s.Actor.Name,
            CreatedAt = s.Now,
            DueAt = s.Now
        };
    }

    /// <summary>A name as readers of a language know it.</summary>
    internal string Name(City city, OwnerLanguage language, string name) => names.Of(city.Code, language is OwnerLanguage.English ? "en" : "zh", name);

    /// <summary>A moment on the city's wall clock.</summary>
    internal static string Time(City city, DateTimeOffset at) => city.Zone.Local(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A day.</summary>
    internal static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
