using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>Sends what is said in a scene to somebody who wants to see it, with examples in its places; the log tells what became of it.</summary>
public sealed class SendTestMessage(CitySessions sessions, WriteMessages write)
{
    /// <param name="to">A telephone, or a mail address.</param>
    public async Task<Result<Done>> RunAsync(Actor actor, MessageScene scene, MessageWay way, OwnerLanguage language, string? to, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity)
            return new NotFound("message-scene");
        var address = way is MessageWay.Sms ? Phone.Normalize(to) : MailAddress.TryCreate(to?.Trim(), out var mail) ? mail.Address : null;
        if ((Check.Required("To", to, Message.MaxAddress)
                ?? Check.That(address is not null, "To", "invalid", way is MessageWay.Sms ? "Phone.invalid" : "mail-address")) is { } invalid)
            return invalid;
        if (!await s.Db.Set<MessageAccount>().AnyAsync(a => a.Way == way && a.Enabled, ct))
            return new NoMessageAccount();
        if (await s.Db.Set<SceneText>().AsNoTracking().FirstOrDefaultAsync(t => t.Scene == scene && t.Way == way && t.Language == language, ct) is not { } text)
            return new SceneSwitchedOff();
        var told = new Told(scene, Guid.CreateVersion7(), new Recipient(null, null, language), _ => new(SceneKind.Examples));
        s.Db.Add(write.Of(s, text, told, address!, test: true));
        return await s.SaveAsync(ct);
    }
}
