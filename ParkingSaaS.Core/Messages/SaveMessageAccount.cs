using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Messages;

/// <summary>An account as entered. What its provider does not use is not kept.</summary>
/// <param name="Provider">One that carries the way; <see cref="MessageProvider.ShowOnly"/> carries both.</param>
/// <param name="Sender">Aliyun: the signature, 2–32 characters. Mail: an address.</param>
/// <param name="User">Aliyun: letters and digits. Mail: may be empty.</param>
/// <param name="Host">Mail: a host name or an address.</param>
/// <param name="Port">Mail: one of <see cref="MessagePolicy.MailPorts"/>.</param>
public sealed record MessageAccountDetails(MessageWay Way, MessageProvider Provider, bool Enabled, string? Sender, string? User, string? Host, int? Port,
    MailSecurity Security)
{
    /// <summary>The access key's secret or the password; empty keeps the one there is.</summary>
    public string? Secret { get; init; }

    /// <summary>What the form was opened with; null where nobody looked first.</summary>
    public MessageAccountDetails? Seen { get; init; }

    /// <summary>What a form to change it is opened with: without its secret, which nobody sees again.</summary>
    public static MessageAccountDetails Of(MessageAccount a) => new(a.Way, a.Provider, a.Enabled, a.Sender, a.User, a.Host, a.Port, a.Security);

    /// <summary>Names the way and no secret.</summary>
    public override string ToString() => $"message account of {Way}";
}

/// <summary>Sets up by whom a city sends by a way. The security log says who did.</summary>
public sealed class SaveMessageAccount(CitySessions sessions, ChannelSecrets secrets, MessagePolicy policy, SecurityLog log)
{
    /// <summary>The provider that carries a way, besides the one that only shows.</summary>
    public static MessageProvider ProviderOf(MessageWay way) => way is MessageWay.Sms ? MessageProvider.Aliyun : MessageProvider.Smtp;

    public async Task<Result<Done>> RunAsync(Actor actor, MessageAccountDetails request, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, MessagePermissions.Manage, ct);
        if (!actor.Scope.IsWholeCity || !Enum.IsDefined(request.Way))
            return new NotFound("message-account");
        var account = await s.Db.Set<MessageAccount>().FirstOrDefaultAsync(a => a.Way == request.Way, ct);
        if (Problem(request, account is { Secret: not "" }) is { } invalid)
            return invalid;
        if (account is not null && Edits.Since(request.Seen, MessageAccountDetails.Of(account), request, account.ChangedBy) is { } changed)
            return changed;
        var isNew = account is null;
        if (account is null)
            s.Db.Add(account = new MessageAccount { Id = Guid.CreateVersion7(), Way = request.Way });
        Fill(account, request);
        (account.ChangedBy, account.ChangedAt) = (actor.Name, s.Now);
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        log.Write(isNew ? SecurityEvent.ChannelAdded : SecurityEvent.ChannelChanged, s.City.Code, actor.Address, account.Id.ToString(), $"by {actor.Id}");
        return new Done();
    }

    InvalidField? Problem(MessageAccountDetails r, bool hasSecret)
    {
        if (r.Provider is MessageProvider.ShowOnly)
            return null;
        var mail = r.Way is MessageWay.Mail;
        return Check.All(
            Check.That(r.Provider == ProviderOf(r.Way), nameof(r.Provider), "invalid", "message-provider"),
            Check.Required(nameof(r.Sender), r.Sender, mail ? MessageAccount.MaxText : 32),
            Check.That(!mail || MailAddress.TryCreate(r.Sender?.Trim(), out _), nameof(r.Sender), "invalid", "mail-address"),
            mail ? Check.Optional(nameof(r.User), r.User, MessageAccount.MaxText) : Check.Required(nameof(r.User), r.User, MessageAccount.MaxText),
            Check.That(mail || r.User?.Trim().All(char.IsAsciiLetterOrDigit) is not false, nameof(r.User), "invalid", "letters-and-digits"),
            Check.Optional(nameof(r.Secret), r.Secret, MessageAccount.MaxText),
            Check.That(mail || hasSecret || !string.IsNullOrWhiteSpace(r.Secret), nameof(r.Secret), "required"),
            mail ? Check.Required(nameof(r.Host), r.Host, MessageAccount.MaxText) : null,
            Check.That(!mail || Uri.CheckHostName(r.Host?.Trim()) is not UriHostNameType.Unknown, nameof(r.Host), "invalid", "host-name"),
            Check.That(!mail || policy.MailPorts.Contains(r.Port ?? 0), nameof(r.Port), "invalid", "mail-port") is { } port
                ? port with { Bounds = [string.Join(' ', policy.MailPorts)] } : null,
            Check.That(!mail || Enum.IsDefined(r.Security), nameof(r.Security), "invalid", "choice"));
    }

    void Fill(MessageAccount a, MessageAccountDetails r)
    {
        (a.Provider, a.Enabled) = (r.Provider, r.Enabled);
        if (r.Provider is MessageProvider.ShowOnly)
            return;
        (a.Sender, a.User) = (r.Sender!.Trim(), r.User?.Trim() ?? "");
        if (r.Provider is MessageProvider.Smtp)
            (a.Host, a.Port, a.Security) = (r.Host!.Trim(), r.Port!.Value, r.Security);
        if (!string.IsNullOrWhiteSpace(r.Secret))
            a.Secret = secrets.Seal(a.Id, r.Secret.Trim());
    }
}
