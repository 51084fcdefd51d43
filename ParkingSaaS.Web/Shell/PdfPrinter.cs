using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Shell;

/// <summary>No Chromium is installed on this server, so nothing can be printed.</summary>
public sealed record NoChromium() : Error("print.no-chromium");

/// <summary>The printing took too long, or too many were printing at once.</summary>
public sealed record PrintTimeout() : Error("print.timeout");

/// <summary>Chromium ended without a document; the log says why.</summary>
public sealed record PrintFailed() : Error("print.failed");

/// <summary>Prints a component to PDF with a headless Chromium: screen and paper are one source. The page's content policy
/// allows no scripts, and Chromium finds no host.</summary>
public sealed partial class PdfPrinter(IServiceScopeFactory scopes, ILoggerFactory logs, TimeProvider clock, string? chromium = null)
{
    /// <summary>The longest that anybody waits.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    /// <summary>Chromium takes some 150 MB each.</summary>
    const int AtOnce = 2;

    readonly ILogger log = logs.CreateLogger<PdfPrinter>();
    readonly SemaphoreSlim places = new(AtOnce);
    readonly string? program = chromium ?? Find();

    /// <summary>Prints a component in the culture of the caller.</summary>
    /// <param name="parameters">The component's parameters.</param>
    public async Task<Result<byte[]>> PrintAsync<TComponent>(IDictionary<string, object?> parameters, CancellationToken ct)
        where TComponent : IComponent
    {
        if (program is null || !File.Exists(program))
            return new NoChromium();
        var html = await Html.RenderAsync<TComponent>(scopes, logs, parameters);
        using var timeout = new CancellationTokenSource(MaxTime, clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await places.WaitAsync(ended.Token);
            try
            {
                return await PrintAsync(html, ended.Token);
            }
            finally
            {
                places.Release();
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            log.LogWarning("Printing {Component} took longer than {MaxTime}", typeof(TComponent).Name, MaxTime);
            return new PrintTimeout();
        }
    }

    /// <summary>The answer to whoever asked for a document: the file, or in words why there is none.</summary>
    /// <param name="name">The file's, without its ending.</param>
    public static IResult Answer(Result<byte[]> printed, string name, IStringLocalizer<Texts> texts) => printed.Try(out var pdf, out var error)
        ? Results.File(pdf, "application/pdf", name + ".pdf")
        : Results.Text(texts.Of(error), statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>How many pages something printed here has.</summary>
    public static int Pages(byte[] pdf) => PageObject().Count(Encoding.Latin1.GetString(pdf));

    async Task<Result<byte[]>> PrintAsync(string html, CancellationToken ct)
    {
        var directory = Directory.CreateTempSubdirectory("parking-print-");
        try
        {
            var (page, pdf) = (Path.Combine(directory.FullName, "page.html"), Path.Combine(directory.FullName, "page.pdf"));
            await File.WriteAllTextAsync(page, html, ct);
            var start = new ProcessStartInfo(program!)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = directory.FullName,
                Environment = { ["HOME"] = directory.FullName }
            };
            string[] arguments =
            [
                "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run", "--no-pdf-header-footer",
                "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={Path.Combine(directory.FullName, "profile")}",
                $"--print-to-pdf={pdf}"
            ];
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            // Chromium's sandbox refuses root; the page holds nothing but our own markup.
            if (Environment.UserName == "root")
                start.ArgumentList.Add("--no-sandbox");
            start.ArgumentList.Add(new Uri(page).AbsoluteUri);

            using var process = Process.Start(start)!;
            try
            {
                var said = process.StandardError.ReadToEndAsync(ct);
                await process.StandardOutput.ReadToEndAsync(ct);
                await process.WaitForExitAsync(ct);
                if (process.ExitCode == 0 && File.Exists(pdf))
                    return await File.ReadAllBytesAsync(pdf, ct);
                log.LogError("Chromium ended with {Code}: {Said}", process.ExitCode, await said);
                return new PrintFailed();
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            // Chromium's helpers may still be writing their last words.
            try
            {
                directory.Delete(recursive: true);
            }
            catch (IOException e)
            {
                log.LogInformation(e, "The print directory {Directory} stays until the next boot", directory.FullName);
            }
        }
    }

    static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
        .SelectMany(directory => new[] { "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome" }
            .Select(name => Path.Combine(directory, name)))
        .FirstOrDefault(File.Exists);

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex PageObject();
}
