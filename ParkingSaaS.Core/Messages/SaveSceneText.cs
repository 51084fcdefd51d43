using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>What is said in a scene, as entered.</summary>
/// <param name="Enabled">Whether it is said.</param>
/// <param name="Text">1–500 characters; names no other places than the scene's.</param>
/// <param name="Subject">1–100 characters for a mail; nothing for short messages.</param>
/// <param name="Template">The code of the provider's template, for short messages: letters, digits, <c>_</c> and <c>-</c>; may be empty where nothing is really
/// sent.</param>
public sealed record SceneTextDetails(MessageScene Scene, MessageWay Way, OwnerLanguage Language, bool Enabled, string? Text, string? Subject, string? Template)
{
    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public SceneTextDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with.</summary>
    public static SceneTextDetails Of(SceneText t) => new(t.Scene, t.Way, t.Language, t.Since is not null, t.Text, t.Subject, t.Template);
}

/// <summary>Switches a scene on or off for a way and a language, and says in which words.</summary>
public sealed class SaveSceneText(CitySessions sessions, MessagePolicy policy)
{
    public async Task<Result<Done>> RunAsync(Actor actor, SceneTextDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity || !Enum.IsDefined(request.Scene) || !Enum.IsDefined(request.Way) || !Enum.IsDefined(request.Language))
            return new NotFound("message-scene");
        if (Problem(request) is { } invalid)
            return invalid;
        if (request.Enabled && policy.LinkOf(s.City, "") is null && SceneKind.PlacesOf(request.Text!).Contains("link"))
            return new NoPublicAddress();
        var text = await s.Db.Set<SceneText>()
            .FirstOrDefaultAsync(t => t.Scene == request.Scene && t.Way == request.Way && t.Language == request.Language, ct);
        if (text is not null && Edits.Since(request.Seen, SceneTextDetails.Of(text), request, text.ChangedBy) is { } changed)
            return changed;
        if (text is null)
            s.Db.Add(text = new SceneText { Scene = request.Scene, Way = request.Way, Language = request.Language });
        (text.Text, text.Subject, text.Template) = (request.Text!.Trim(), request.Subject?.Trim() ?? "", request.Template?.Trim() ?? "");
        text.Since = request.Enabled ? text.Since ?? s.Now : null;
        (text.ChangedBy, text.ChangedAt) = (actor.Name, s.Now);
        return await s.SaveAsync(ct);
    }

    static InvalidField? Problem(SceneTextDetails r) => Check.All(
        Check.Required(nameof(r.Text), r.Text, SceneText.MaxText),
        Check.That(r.Text is null || SceneKind.PlacesOf(r.Text).All(SceneKind.Of(r.Scene).Places.Contains), nameof(r.Text), "invalid", "message-places"),
        r.Way is MessageWay.Mail ? Check.Required(nameof(r.Subject), r.Subject, SceneText.MaxSubject)
            : Check.That(string.IsNullOrWhiteSpace(r.Subject), nameof(r.Subject), "invalid", "nothing"),
        Check.Optional(nameof(r.Template), r.Template, SceneText.MaxTemplate),
        Check.That(r.Template?.Trim().All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') is not false, nameof(r.Template), "invalid",
            "message-template"));
}
