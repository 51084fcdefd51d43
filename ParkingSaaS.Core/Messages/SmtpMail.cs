using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Messages;

/// <summary>Mail by the city's own server. Nobody can be asked whether a mail arrived; one that is sent again, for the server did not say that it had taken it,
/// carries the same Message-ID, by which the reader's server knows it again.</summary>
sealed class SmtpMail(MessagePolicy policy, ChannelSecrets secrets, TimeProvider clock, ILogger<SmtpMail> log) : IMessageWay
{
    /// <inheritdoc/>
    public MessageProvider Provider => MessageProvider.Smtp;

    /// <inheritdoc/>
    public bool TellsArrival => false;

    /// <inheritdoc/>
    public async Task<WayResult> SendAsync(MessageAccount account, Message message, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(policy.Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(account.Host, account.Port, Sealing(account.Security), both.Token);
            if (account.User.Length > 0)
                await client.AuthenticateAsync(account.User, account.Open(secrets), both.Token);
        }
        catch (Exception e) when (IsOutside(e, ct))
        {
            log.LogWarning("The mail server of account {Account} cannot be used: {Problem}", account.Id, e.GetType().Name);
            return new WayResult(WayAnswer.NotTaken, e switch
            {
                CryptographicException => Message.NoSecret,
                AuthenticationException or SslHandshakeException => e.GetType().Name,
                _ => Message.Unreachable
            });
        }
        try
        {
            await client.SendAsync(Write(account, message), both.Token);
        }
        catch (SmtpCommandException e)
        {
            return new WayResult((int)e.StatusCode >= 500 ? WayAnswer.Failed : WayAnswer.NotTaken,
                ((int)e.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (IsOutside(e, ct))
        {
            log.LogWarning("The mail server of account {Account} did not say whether it took a mail: {Problem}", account.Id, e.GetType().Name);
            return new WayResult(WayAnswer.Unclear);
        }
        try
        {
            await client.DisconnectAsync(quit: true, both.Token);
        }
        catch (Exception e) when (IsOutside(e, ct))
        {
            log.LogInformation("The mail server of account {Account} took a mail and ended without a word", account.Id);
        }
        return new WayResult(WayAnswer.Accepted, Id(account, message));
    }

    /// <inheritdoc/>
    public Task<WayResult> AskAsync(MessageAccount account, Message message, CancellationToken ct) => Task.FromResult(new WayResult(WayAnswer.NotFound));

    static MimeMessage Write(MessageAccount account, Message message)
    {
        var mail = new MimeMessage
        {
            MessageId = Id(account, message),
            Date = message.CreatedAt,
            Subject = message.Subject,
            Body = new TextPart("plain") { Text = message.Text }
        };
        mail.From.Add(MailboxAddress.Parse(account.Sender));
        mail.To.Add(MailboxAddress.Parse(message.Address!));
        return mail;
    }

    static string Id(MessageAccount account, Message message) => $"{message.Id:N}@{account.Sender[(account.Sender.LastIndexOf('@') + 1)..].TrimEnd('>')}";

    static SecureSocketOptions Sealing(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None
    };

    static bool IsOutside(Exception e, CancellationToken ct) => e is SocketException or IOException or ProtocolException or CommandException
        or AuthenticationException or SslHandshakeException or NotSupportedException or CryptographicException
        || (e is OperationCanceledException && !ct.IsCancellationRequested);
}
