using System.Collections.Concurrent;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ParkingSaaS.Core.Files;

namespace ParkingSaaS.Tests.Files;

/// <summary>A server on a port of its own with one bucket. It keeps bytes, and works every signature (version 4) out for itself from the address, the
/// headers and the body that really came.</summary>
public sealed class FakeS3 : IAsyncDisposable
{
    const string Bucket = "parking", Region = "cn-test", AccessKey = "us", SecretKey = "a secret of ours";

    /// <summary>Few, so that lists have several pages.</summary>
    const int PageSize = 2;

    readonly WebApplication app;

    FakeS3(WebApplication app) => this.app = app;

    /// <summary>What lies in the bucket.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    /// <summary>The setting for it.</summary>
    public string Address => $"{app.Urls.Single()}/{Bucket}";

    /// <summary>Where it is, for who knows the secret.</summary>
    public S3Place Place => new(new Uri(app.Urls.Single()), Bucket, Region, AccessKey, SecretKey);

    /// <summary>The program's settings for it.</summary>
    public string[] Settings => [$"--Files:S3={Address}", $"--Files:Region={Region}", $"--Files:AccessKey={AccessKey}", $"--Files:SecretKey={SecretKey}"];

    public static async Task<FakeS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FakeS3(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var raw = http.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        if (!IsSigned(http.Request, raw, body.ToArray()))
        {
            await RefuseAsync(http, HttpStatusCode.Forbidden, "SignatureDoesNotMatch");
            return;
        }
        var path = Uri.UnescapeDataString(raw[0]);
        if (path.TrimEnd('/') == "/" + Bucket)
            await ListAsync(http);
        else if (!path.StartsWith($"/{Bucket}/", StringComparison.Ordinal))
            await RefuseAsync(http, HttpStatusCode.NotFound, "NoSuchBucket");
        else
            await FileAsync(http, path[(Bucket.Length + 2)..], body.ToArray());
    }

    async Task FileAsync(HttpContext http, string key, byte[] body)
    {
        switch (http.Request.Method)
        {
            case "PUT":
                Files[key] = body;
                http.Response.Headers.ETag = "\"x\"";
                break;
            case "DELETE":
                Files.TryRemove(key, out _);
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "GET" when Files.TryGetValue(key, out var content):
                http.Response.ContentLength = content.Length;
                await http.Response.Body.WriteAsync(content);
                break;
            default:
                await RefuseAsync(http, HttpStatusCode.NotFound, "NoSuchKey");
                break;
        }
    }

    Task ListAsync(HttpContext http)
    {
        string prefix = http.Request.Query["prefix"].ToString(), delimiter = http.Request.Query["delimiter"].ToString(),
            after = http.Request.Query["continuation-token"].ToString();
        var entries = Files.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
            .Select(k => delimiter.Length > 0 && k.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is >= 0 and var end ? k[..(end + 1)] : k)
            .Distinct().Order(StringComparer.Ordinal).Where(e => string.CompareOrdinal(e, after) > 0).ToList();
        var page = entries.Take(PageSize).ToList();
        var xml = new StringBuilder($"<ListBucketResult><Name>{Bucket}</Name><IsTruncated>{(entries.Count > PageSize ? "true" : "false")}</IsTruncated>");
        if (entries.Count > PageSize)
            xml.Append($"<NextContinuationToken>{SecurityElement.Escape(page[^1])}</NextContinuationToken>");
        foreach (var entry in page)
            xml.Append(Files.ContainsKey(entry) ? $"<Contents><Key>{SecurityElement.Escape(entry)}</Key><Size>1</Size></Contents>"
                : $"<CommonPrefixes><Prefix>{SecurityElement.Escape(entry)}</Prefix></CommonPrefixes>");
        return http.Response.WriteAsync(xml.Append("</ListBucketResult>").ToString());
    }

    static Task RefuseAsync(HttpContext http, HttpStatusCode status, string code)
    {
        http.Response.StatusCode = (int)status;
        return http.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }

    static bool IsSigned(HttpRequest request, string[] raw, byte[] body)
    {
        var fields = request.Headers.Authorization.ToString().Replace("AWS4-HMAC-SHA256 ", "").Split(',', StringSplitOptions.TrimEntries)
            .Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        if (!fields.TryGetValue("Credential", out var credential) || credential.Split('/') is not [AccessKey, var day, Region, "s3", "aws4_request"])
            return false;
        var hash = request.Headers["x-amz-content-sha256"].ToString();
        if (hash != Convert.ToHexStringLower(SHA256.HashData(body)))
            return false;
        var query = raw.Length == 1 ? "" : string.Join('&', raw[1].Split('&').Select(q => q.Contains('=') ? q : q + "=").Order(StringComparer.Ordinal));
        var headers = string.Concat(fields["SignedHeaders"].Split(';').Select(h => $"{h}:{request.Headers[h].ToString().Trim()}\n"));
        var canonical = $"{request.Method}\n{raw[0]}\n{query}\n{headers}\n{fields["SignedHeaders"]}\n{hash}";
        var text = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{day}/{Region}/s3/aws4_request\n"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var key = new[] { day, Region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretKey),
            (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return fields["Signature"] == Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
