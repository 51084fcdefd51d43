using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>How a fake behaves from now on.</summary>
public enum Mood
{
    Well,

    /// <summary>Connections end without an answer.</summary>
    Down,

    /// <summary>Answers 500.</summary>
    Broken,

    /// <summary>Answers nothing for as long as anybody waits.</summary>
    Slow,

    /// <summary>Answers 200, and then nothing.</summary>
    Silent,

    /// <summary>Signs with a key that nobody was told of.</summary>
    UnknownSerial,

    /// <summary>Signs the answer as of six minutes ago.</summary>
    Stale,

    /// <summary>The signature is of another answer.</summary>
    WrongSignature,

    /// <summary>Does not sign.</summary>
    Unsigned
}

/// <summary>A payment channel on a port of its own.</summary>
public abstract class FakeGateway : IAsyncDisposable
{
    readonly WebApplication app;

    protected FakeGateway(TimeProvider clock)
    {
        Clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(ReceiveAsync);
    }

    protected TimeProvider Clock { get; }

    protected HttpClient Caller { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public Uri Address => new(app.Urls.Single());

    public Mood Mood { get; set; }

    /// <summary>What was asked, whatever came of it.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What it refused, and why.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    /// <summary>An account for it, as a person enters it.</summary>
    public abstract ChannelAccountDetails Account { get; }

    protected Task StartAsync() => app.StartAsync(TestContext.Current.CancellationToken);

    async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Asked.Enqueue(NameOf(http));
        switch (Mood)
        {
            case Mood.Down:
                http.Abort();
                return;
            case Mood.Slow:
                await GoneAsync(http);
                return;
            case Mood.Silent:
                http.Response.ContentLength = 1000;
                await http.Response.StartAsync();
                await GoneAsync(http);
                return;
            case Mood.Broken:
                await BreakAsync(http);
                return;
            default:
                await AnswerAsync(http, body.ToArray());
                return;
        }
    }

    /// <summary>What is asked.</summary>
    protected abstract string NameOf(HttpContext http);

    protected abstract Task AnswerAsync(HttpContext http, byte[] body);

    /// <summary>Answers 500.</summary>
    protected abstract Task BreakAsync(HttpContext http);

    /// <summary>Whoever asked has given up.</summary>
    static async Task GoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task.InTimeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Caller.Dispose();
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
