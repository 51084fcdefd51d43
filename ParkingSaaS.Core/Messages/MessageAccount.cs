using ParkingSaaS.Core.Payments;

namespace ParkingSaaS.Core.Messages;

/// <summary>Who carries messages.</summary>
public enum MessageProvider
{
    /// <summary>Nobody: they are shown in the log, and count as delivered.</summary>
    ShowOnly,

    /// <summary>Aliyun's short messages.</summary>
    Aliyun,

    /// <summary>A mail server.</summary>
    Smtp
}

/// <summary>How a connection to a mail server is sealed.</summary>
public enum MailSecurity
{
    /// <summary>From its first byte.</summary>
    Tls,

    /// <summary>After a greeting.</summary>
    StartTls,

    /// <summary>Not at all, within a network of one's own.</summary>
    None
}

/// <summary>By whom a city sends by a way.</summary>
public sealed class MessageAccount
{
    /// <summary>The longest of its texts, in characters.</summary>
    public const int MaxText = 128;

    public required Guid Id { get; init; }

    /// <summary>One account for each way.</summary>
    public required MessageWay Way { get; init; }

    public MessageProvider Provider { get; set; }

    public bool Enabled { get; set; }

    /// <summary>Who sends: the signature of short messages, the address of mail.</summary>
    public string Sender { get; set; } = "";

    /// <summary>The access key's id, or the user of the mail server; empty where that asks for none.</summary>
    public string User { get; set; } = "";

    /// <summary>The access key's secret, or the password, sealed; empty for none.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The mail server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port.</summary>
    public int Port { get; set; }

    public MailSecurity Security { get; set; }

    /// <summary>Who changed it last: an actor's name.</summary>
    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>The row's version: two writers cannot both win.</summary>
    public uint RowVersion { get; init; }

    /// <summary>Its secret, unsealed; empty for none.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed by another installation, or for another account.</exception>
    internal string Open(ChannelSecrets secrets) => Secret.Length == 0 ? "" : secrets.Open(Id, Secret);
}
