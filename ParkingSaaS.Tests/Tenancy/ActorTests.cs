using System.Reflection;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Tests.Structure;
using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Tests.Tenancy;

/// <summary>No actor may everything: the parts of the program, drivers and channels may what is written here, and nothing else.</summary>
public sealed class ActorTests
{
    static readonly Assembly[] Product = [typeof(Actor).Assembly, typeof(DevicePolicy).Assembly, typeof(ParkingHost).Assembly];

    static readonly City City = new()
    {
        Code = "alpha",
        Name = "a",
        NameEn = "a",
        TimeZone = "Asia/Shanghai",
        Currency = Currency.Yuan,
        Database = "a",
        CreatedAt = DateTimeOffset.UnixEpoch
    };

    /// <summary>The methods that make a named actor: of a city, of its code, or of the platform.</summary>
    static readonly MethodInfo[] Makers = [.. from assembly in Product
                                              from type in assembly.GetTypes()
                                              where type != typeof(Actor)
                                              from method in type.GetMethods(
                                                  BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                                              where method.ReturnType == typeof(Actor) && (method.GetParameters() is []
                                                  || method.GetParameters() is [var one]
                                                  && (one.ParameterType == typeof(string) || one.ParameterType == typeof(City)))
                                              select method];

    static Actor Make(MethodInfo maker) => (Actor)maker.Invoke(null,
        [.. maker.GetParameters().Select(p => p.ParameterType == typeof(City) ? (object)City : City.Code)])!;

    [Fact]
    public void Each_may_what_it_does_and_nothing_else()
    {
        string[] expected =
        [
            "channel alipay: payments.confirm",
            "channel demo: payments.confirm",
            "channel wechat: payments.confirm",
            "driver driver: invoices.ask messages.told orders.pay passes.buy payments.begin service.appeal",
            "job alarm-watch: alarms.watch",
            "job api-tokens: clients.check",
            "job ask-payments: payments.give-up",
            "job ask-refunds: payments.give-up",
            "job channel-log: payments.give-up",
            "job close-waiting: orders.close",
            "job demo: cities.manage",
            "job demo: demo.seed",
            "job device-states: devices.connect",
            "job devices: devices.record",
            "job fetch-bills: payments.bills",
            "job first-sign-in: platform.first-administrator",
            "job give-up-payments: payments.give-up",
            "job health: cities.health",
            "job message-retries: devices.replay",
            "job messages: messages.send",
            "job names: names.read",
            "job pass-upkeep: passes.upkeep",
            "job picture-upkeep: devices.expire-pictures",
            "job prove-books: finance.prove",
            "job send-invoices: invoices.send",
            "job simulator: orders.pay orders.view payments.begin payments.cash",
            "job stay-watch: orders.freeze"
        ];
        string[] actual = [.. Makers.Select(Make).Select(a => $"{a.Kind} {a.Id}: {string.Join(' ', a.Permissions.Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal)];
        Assert.Equal(expected, actual);
    }

    /// <summary>Each is made in one place, so that the list above is all of them.</summary>
    [Fact]
    public void Nothing_else_makes_one()
    {
        string[] factories = [.. new[] { nameof(Actor.Job), nameof(Actor.Driver), nameof(Actor.Channel), nameof(Actor.PlatformJob) }
            .Select(f => $"{typeof(Actor).FullName}::{f}")];
        string[] callers = [.. from assembly in Product
                               from type in References.Of(assembly)
                               where type.Value.Overlaps(factories)
                               select type.Key];
        Assert.Equal(Makers.Select(m => m.DeclaringType!.FullName!).Distinct().Order(StringComparer.Ordinal).ToArray(),
            callers.Order(StringComparer.Ordinal).ToArray());
    }

    [Fact]
    public void One_without_permissions_may_nothing() => Assert.False(Actor.Job("alpha", "idle").May("orders.view"));
}
