using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

/// <summary>
/// A browser that shows nothing. It signs in, fetches the page, opens its circuit over a web socket as <c>blazor.web.js</c> does, and starts the page's
/// components; it acknowledges each batch of changes to the page, and answers each call of a script with nothing, or with an empty script object. So
/// the server renders, keeps and updates all that it does for a person, and the load need not draw it.
/// </summary>
internal sealed partial class CircuitsClient : IAsyncDisposable
{
    private readonly HubConnection connection;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> awaited = new();

    private CircuitsClient(Uri city, CookieContainer cookies)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(city, "_blazor"), options =>
        {
            options.Cookies = cookies;
            options.SkipNegotiation = true;
            options.Transports = HttpTransportType.WebSockets;
        });
        builder.Services.AddSingleton<IHubProtocol>(new BlazorPack());
        connection = builder.Build();
        connection.On<long, byte[]>("JS.RenderBatch", RenderAsync);
        connection.On<long, string, string, int, long, int>("JS.BeginInvokeJS", AnswerAsync);
        connection.On<string>("JS.Error", error => Failure = error);
        connection.Closed += error =>
        {
            Failure ??= error?.Message ?? "closed";
            return Task.CompletedTask;
        };
    }

    /// <summary>What the server said when it gave the page up; null while it lives.</summary>
    public string? Failure { get; private set; }

    /// <summary>Signs in; the cookies are those of a browser from then on.</summary>
    public static async Task<CookieContainer> SignInAsync(Uri city, (string Name, string Password) person)
    {
        var cookies = new CookieContainer();
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies });
        var form = await http.GetStringAsync(new Uri(city, "account/sign-in"));
        var fields = HiddenFields.Matches(form).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        (fields["Input.Name"], fields["Input.Password"]) = person;
        using var answer = await http.PostAsync(new Uri(city, "account/sign-in"), new FormUrlEncodedContent(fields));
        if (!answer.IsSuccessStatusCode || cookies.GetCookies(city)["parking"] is null)
            throw new InvalidOperationException($"Could not sign in: {answer.StatusCode}");
        return cookies;
    }

    /// <summary>Opens the city's home page, which shows the newest events.</summary>
    public static async Task<CircuitsClient> OpenAsync(Uri city, CookieContainer cookies)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies });
        var html = await http.GetStringAsync(city);
        var markers = Markers.Matches(html).Select(m => m.Groups[1].Value).ToList();
        var client = new CircuitsClient(city, cookies);
        await client.connection.StartAsync();
        if (await client.connection.InvokeAsync<string?>("StartCircuit", city.AbsoluteUri, city.AbsoluteUri, "[]", "") is null)
            throw new InvalidOperationException("The server opened no circuit");
        var add = markers.Select((marker, i) => $$"""{"type":"add","ssrComponentId":{{i + 1}},"marker":{{marker}}}""");
        await client.connection.SendAsync("UpdateRootComponents", $$"""{"batchId":1,"operations":[{{string.Join(',', add)}}]}""",
            State.Match(html).Groups[1].Value);
        return client;
    }

    /// <summary>When the page is told something, by the clock of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public Task<long> ToldAsync(string text) => awaited.GetOrAdd(text, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private Task RenderAsync(long id, byte[] batch)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var (text, told) in awaited)
            if (batch.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
                told.TrySetResult(now);
        return connection.SendAsync("OnRenderCompleted", id, null);
    }

    /// <summary>Who waits for an object of a script gets one that does nothing.</summary>
    private Task AnswerAsync(long handle, string identifier, string arguments, int result, long target, int kind) =>
        handle == 0 ? Task.CompletedTask : connection.SendAsync("EndInvokeJSFromDotNet", handle, true,
            JsonSerializer.Serialize(new object?[] { handle, true, result == 1 ? new Dictionary<string, long> { ["__jsObjectId"] = handle } : null }));

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    [GeneratedRegex("<!--Blazor:(\\{\"type\":\"server\".*?\\})-->")]
    private static partial Regex Markers { get; }

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State { get; }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenFields { get; }

    /// <summary>MessagePack under the name by which circuits know it.</summary>
    private sealed class BlazorPack : IHubProtocol
    {
        private readonly MessagePackHubProtocol inner = new();

        public string Name => "blazorpack";
        public int Version => inner.Version;
        public TransferFormat TransferFormat => inner.TransferFormat;
        public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);
        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);
        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
            inner.TryParseMessage(ref input, binder, out message);
    }
}
