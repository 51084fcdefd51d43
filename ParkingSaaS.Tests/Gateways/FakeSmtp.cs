using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>How the fake behaves from now on.</summary>
public enum MailMood
{
    Well,

    /// <summary>Knows no such reader.</summary>
    KnowsNobody,

    /// <summary>Has no time now.</summary>
    Busy,

    /// <summary>Takes mails, and ends the connection instead of saying so.</summary>
    TakesWithoutAWord
}

/// <summary>A mail server on a port of its own: as much of SMTP as one letter needs, with a user and a password.</summary>
public sealed class FakeSmtp : IAsyncDisposable
{
    public const string User = "parking", Password = "mail-secret";

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly Task loop;

    public FakeSmtp()
    {
        listener.Start();
        loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public MailMood Mood { get; set; }

    /// <summary>What it took: the reader, and the mail as it came.</summary>
    public ConcurrentQueue<(string To, string Mail)> Mails { get; } = new();

    async Task AcceptAsync()
    {
        while (!end.IsCancellationRequested)
            try
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The next one.
            }
    }

    async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        var (known, to) = (false, "");
        await writer.WriteLineAsync("220 fake ESMTP");
        while (await reader.ReadLineAsync(end.Token).InTimeAsync() is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb is "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var mail = new StringBuilder();
                while (await reader.ReadLineAsync(end.Token).InTimeAsync() is { } part && part != ".")
                    mail.AppendLine(part);
                Mails.Enqueue((to, mail.ToString()));
                if (Mood is MailMood.TakesWithoutAWord)
                    return;
                await writer.WriteLineAsync("250 taken");
                continue;
            }
            if (verb is "AUTH")
                known = line == "AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{Password}"));
            if (verb is "RCPT")
                to = line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
            await writer.WriteLineAsync((verb, Mood) switch
            {
                ("EHLO", _) => "250-fake\r\n250 AUTH PLAIN",
                ("AUTH", _) => known ? "235 welcome" : "535 no",
                ("QUIT", _) => "221 bye",
                ("RCPT", MailMood.KnowsNobody) => "550 nobody",
                ("RCPT", MailMood.Busy) => "451 later",
                _ => known ? "250 ok" : "530 who are you"
            });
            if (verb is "QUIT")
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (end.IsCancellationRequested)
            return; // a test has taken it away
        await end.CancelAsync();
        listener.Dispose();
        await loop.InTimeAsync();
        end.Dispose();
    }
}
