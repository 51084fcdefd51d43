using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Demo;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>The last words of a start: where to go, who can sign in, where the devices' credentials are. It names files and no
/// secrets, because what a service prints is often kept.</summary>
sealed class StartBlock(Settings settings, IServer server, CityDirectory cities, DemoSeed demo, FirstSignIn first)
{
    public void Write(TextWriter console)
    {
        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First().Replace("[::]", "localhost")
            .Replace("0.0.0.0", "localhost");
        var tls = settings.MqttTlsPort is { } port ? $", with TLS on port {port}" : "";
        List<string> lines = ["ParkingSaaS is running", "", $"  Address   {address}", settings.Broker is { } broker
            ? $"  Devices   at the MQTT broker {broker}"
            : $"  Devices   MQTT on port {settings.MqttPort}{tls}, and as a WebSocket at /mqtt"];
        if (settings.Demo)
        {
            lines.Add($"  Sign in   {address}/platform/cities as {FirstSignIn.Name}");
            lines.AddRange(cities.Active.Select(city =>
                $"            {address}/{city.Code}/  {city.Name}, {city.NameEn}: as city, district, company, staff, attendant"));
            lines.Add($"  Secrets   passwords, devices, API clients: {demo.File}");
        }
        else
        {
            lines.Add(File.Exists(first.File)
                ? $"  Sign in   {address}/platform/cities as {FirstSignIn.Name}, password in {first.File}"
                : $"  Sign in   {address}/platform/cities with a platform account");
            lines.AddRange(cities.Active.Select(city => $"            {address}/{city.Code}/  {city.Name}, {city.NameEn}"));
            lines.Add("  Secrets   each device's is shown once, when it is added or renewed on the page Devices");
        }
        lines.Add($"  Data      {settings.Data}");
        // As root the server runs as another user, and moves out of a directory that this user may not enter.
        if (settings.Database is { } database && !database.StartsWith(settings.Data, StringComparison.Ordinal))
            lines.Add($"  Database  {database}");
        lines.Add("  Stop      Ctrl-C");
        var line = new string('-', 64);
        console.WriteLine($"\n{line}\n{string.Join('\n', lines)}\n{line}\n");
    }
}
