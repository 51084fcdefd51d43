using System.Diagnostics;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Programs that tests start.</summary>
static class Processes
{
    /// <summary>Waits until it ends by itself, and reads what it said. One that does not is ended.</summary>
    public static async Task<(int Code, string Output, string Errors)> EndAsync(this Process process)
    {
        using (process)
        {
            var name = $"{process.StartInfo.FileName} {process.StartInfo.Arguments} {string.Join(' ', process.StartInfo.ArgumentList)}";
            try
            {
                var output = process.StandardOutput.ReadToEndAsync();
                var errors = process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync().InTimeAsync(words: "the end of " + name);
                return (process.ExitCode, await output.InTimeAsync(words: name), await errors.InTimeAsync(words: name));
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
    }
}
