using Microsoft.Playwright;

namespace ParkingSaaS.E2E.Infrastructure;

/// <summary>A browser with cookies of its own. What its pages looked like in the end is kept with the results of the run, so that a
/// failure can be seen.</summary>
public sealed class Browser(IBrowserContext context, string folder) : IAsyncDisposable
{
    const float LookTimeout = 10_000;

    /// <summary>Its cookies and settings.</summary>
    public IBrowserContext Context => context;

    public Task<IPage> NewPageAsync() => context.NewPageAsync();

    public async ValueTask DisposeAsync()
    {
        Directory.CreateDirectory(folder);
        var test = string.Concat(TestContext.Current.Test!.TestDisplayName.Split('.')[^1].Split(Path.GetInvalidFileNameChars()));
        foreach (var page in context.Pages)
        {
            var picture = Path.Combine(folder, $"{test}-{Guid.NewGuid():N}.png");
            try
            {
                await page.ScreenshotAsync(new() { Path = picture, Timeout = LookTimeout });
            }
            catch (Exception e) when (e is PlaywrightException or TimeoutException)
            {
                // A page that cannot be looked at fails no test.
                await File.WriteAllTextAsync(Path.ChangeExtension(picture, ".txt"), $"{page.Url}\n{e.Message}");
            }
        }
        await context.DisposeAsync();
    }
}
