using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Shell;

/// <summary>Printing when Chromium is not as it should be. With a good one the income report's test prints.</summary>
public sealed class PdfPrinterTests : IDisposable
{
    readonly FakeTime clock = new();
    readonly ServiceProvider services = new ServiceCollection().BuildServiceProvider();
    readonly string directory = Directory.CreateTempSubdirectory("parking-pdf-test-").FullName;

    public void Dispose()
    {
        services.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    sealed class Page : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, "page");
    }

    Task<Result<byte[]>> PrintAsync(string chromium) =>
        new PdfPrinter(services.GetRequiredService<IServiceScopeFactory>(), NullLoggerFactory.Instance, clock, chromium)
            .PrintAsync<Page>(new Dictionary<string, object?>(), TestContext.Current.CancellationToken);

    string Script(string body)
    {
        var path = Path.Combine(directory, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, "#!/bin/sh\n" + body);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    [Fact]
    public async Task A_missing_Chromium_is_said() => Assert.IsType<NoChromium>((await PrintAsync("/nowhere/chromium")).Error);

    [Fact]
    public async Task A_Chromium_that_fails_is_said() => Assert.IsType<PrintFailed>((await PrintAsync(Script("exit 3"))).Error);

    [Fact]
    public async Task A_Chromium_that_hangs_is_ended()
    {
        var started = Path.Combine(directory, "started");
        using var seen = new FileSystemWatcher(directory, "started") { EnableRaisingEvents = true };
        var running = new TaskCompletionSource();
        seen.Created += (_, _) => running.TrySetResult();
        var printing = PrintAsync(Script($"echo $$ > {started}\nexec sleep 1000"));
        await running.Task.InTimeAsync();
        clock.Advance(PdfPrinter.MaxTime);
        Assert.IsType<PrintTimeout>((await printing).Error);
    }
}
