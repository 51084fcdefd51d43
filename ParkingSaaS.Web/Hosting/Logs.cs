using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Logs go to the console: as JSON, one object a line, in production; readable in the demo. What is logged names rows by
/// id; secrets never, and plates only through <see cref="Plate.Mask"/>.</summary>
static class Logs
{
    public static void AddLogs(this ILoggingBuilder logging, IHostEnvironment environment)
    {
        logging.ClearProviders();
        if (environment.IsProduction())
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        else
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            })
                // The demo's devices sign in by the dozen, which would push the start block off the screen.
                .AddFilter<ConsoleLoggerProvider>(typeof(SecurityLog).FullName, LogLevel.Warning);
    }
}
