using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Demo;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Tenancy;

namespace ParkingSaaS.Web.Hosting;

/// <summary>The last words of a start: where to go, who can sign in, where the devices' credentials are, in English and in Chinese whatever the
/// machine speaks. It names files and no secrets, because what a service prints is often kept.</summary>
sealed class StartBlock(Settings settings, IServer server, CityDirectory cities, DemoSeed demo, FirstSignIn first)
{
    public void Write(TextWriter console)
    {
        var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First().Replace("[::]", "localhost")
            .Replace("0.0.0.0", "localhost");
        List<string> lines = ["ParkingSaaS is running  系统已启动", ""];
        Add("Address   地址", address);
        if (settings.Broker is { } broker)
            Add("Devices   设备", $"at the MQTT broker {broker}", $"接入 MQTT 服务器 {broker}");
        else
            Add("Devices   设备", $"MQTT on port {settings.MqttPort}{Tls(", with TLS on port ")}, and as a WebSocket at /mqtt",
                $"MQTT 端口 {settings.MqttPort}{Tls("，TLS 端口 ")}，WebSocket 路径 /mqtt");
        if (settings.Demo)
            Add("Sign in   登录", $"{address}/platform/cities as {FirstSignIn.Name}", $"用户名 {FirstSignIn.Name}");
        else if (File.Exists(first.File))
            Add("Sign in   登录", $"{address}/platform/cities as {FirstSignIn.Name}, password in {first.File}", $"用户名 {FirstSignIn.Name}，密码在该文件中");
        else
            Add("Sign in   登录", $"{address}/platform/cities with a platform account", "使用平台账号");
        foreach (var city in cities.Active)
            Add("", $"{address}/{city.Code}/  {city.Name}, {city.NameEn}");
        foreach (var (code, why) in cities.Refused)
            Add("Refused   拒绝", $"{code}: {why}", "该城市的表结构属于程序的另一版本，未提供服务");
        if (settings.Demo)
        {
            Add("", "in a city as 城市用户名: city, district, company, staff, attendant");
            Add("Secrets   密码", demo.File, "of people, devices and API clients  账号密码、设备密钥、API 客户端密钥");
        }
        else
        {
            Add("Secrets   密钥", "each device's is shown once, when it is added or renewed on the page Devices", "设备密钥只在新增或更换时于“设备”页面显示一次");
        }
        Add("Data      数据", settings.Data);
        // As root the server runs as another user, and moves out of a directory that this user may not enter.
        if (settings.Database is { } database && !database.StartsWith(settings.Data, StringComparison.Ordinal))
            Add("Database  数据库", database);
        Add("Stop      停止", "Ctrl-C");
        var line = new string('-', 64);
        console.WriteLine($"\n{line}\n{string.Join('\n', lines)}\n{line}\n");

        string Tls(string words) => settings.MqttTlsPort is { } port ? words + port : "";

        // A Chinese character is as wide as two others.
        void Add(string label, params string[] values)
        {
            foreach (var value in values)
            {
                lines.Add($"  {label}{new string(' ', 18 - label.Length - label.Count(c => c > 0xff))}{value}");
                label = "";
            }
        }
    }
}
