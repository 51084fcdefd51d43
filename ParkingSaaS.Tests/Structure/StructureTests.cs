using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Devices;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Structure;

/// <summary>How the code may hang together, held over the compiled assemblies.</summary>
public sealed class StructureTests
{
    static readonly Assembly Core = typeof(CityDb).Assembly;
    static readonly Assembly Devices = typeof(DevicePolicy).Assembly;
    static readonly Assembly Web = typeof(ParkingHost).Assembly;

    static readonly string[] PastTheDoors =
    [
        "Microsoft.EntityFrameworkCore.IDbContextFactory", "Microsoft.EntityFrameworkCore.DbContextOptions",
        "Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions::GetDbConnection", "Npgsql.NpgsqlConnection", "Npgsql.NpgsqlDataSource",
        "Npgsql.NpgsqlCommand", "Npgsql.NpgsqlBatch",
        "ParkingSaaS.Core.Storage.CityDatabases::Open", "ParkingSaaS.Core.Storage.ControlDb"
    ];

    static readonly string[] OpensWithoutActor =
    [
        "ParkingSaaS.Core.Storage.CityDatabases", "ParkingSaaS.Core.Storage.ControlDatabase", "ParkingSaaS.Core.Storage.DatabaseBackup",
        "ParkingSaaS.Core.Storage.DatabaseFile", "ParkingSaaS.Core.Storage.DatabaseProbes", "ParkingSaaS.Core.Storage.DatabaseServer",
        "ParkingSaaS.Core.Storage.EmbeddedPostgres", "ParkingSaaS.Core.Storage.KeyStore", "ParkingSaaS.Core.Storage.MasterKey",
        "ParkingSaaS.Core.Tenancy.UpdateDatabases", "ParkingSaaS.Core.Accounts.CityBackup", "ParkingSaaS.Core.Accounts.AccountDatabases",
        "Microsoft.AspNetCore.DataProtection.Repositories.IXmlRepository"
    ];

    /// <summary>The start, the commands of operators, readiness, keys; and the sign-in.</summary>
    static readonly string[] BeforeTheDoors =
    [
        "ParkingSaaS.Web.Hosting.ParkingHost", "ParkingSaaS.Web.Node.Settings", "ParkingSaaS.Web.Node.KeyFile", "ParkingSaaS.Web.Hosting.BackupCommand",
        "ParkingSaaS.Web.Node.Readiness", "ParkingSaaS.Web.Hosting.OperationSetup"
    ];

    /// <summary>The slices of Core, lowest first; those of one level may know each other.</summary>
    static readonly string[][] Levels =
    [
        ["Common"], ["Storage", "Files"], ["Live"], ["Cluster"], ["Tenancy", "Accounts", "Imports", "Names", "Lots"], ["Devices"], ["Tariffs", "Payments"],
        ["Calendars", "Vehicles"], ["Passes"], ["Orders"], ["Finance"], ["Invoices", "Service"], ["Alarms"], ["Messages"], ["Search"], ["Reports"]
    ];

    /// <summary>The rooms of Web, lowest first: what all share, the slices in the order of Core, and those who use many of them, up to the one
    /// that starts everything.</summary>
    static readonly string[][] WebLevels = [["Node"], ["Shell", "Help"], .. Levels, ["Drivers"], ["Api"], ["Demo"], ["Hosting"]];

    /// <summary>What is outside: devices, payment channels, providers of invoices, who carries messages; and what a report means and a payment is for,
    /// which a higher slice knows.</summary>
    static readonly string[] Ports = ["IDeviceLink", "IMessageReader", "IReportHandler", "ICarsInLot", "IStruckOut", "IPayable",
        "IPaymentChannel", "IInvoiceProvider", "IMessageWay"];

    [Fact]
    public void Core_knows_no_web_and_no_devices() => Assert.DoesNotContain(Core.GetReferencedAssemblies(), a =>
        a.Name!.StartsWith("ParkingSaaS", StringComparison.Ordinal)
        || a.Name.StartsWith("Microsoft.AspNetCore.Hosting", StringComparison.Ordinal)
        || a.Name.StartsWith("Microsoft.AspNetCore.Http", StringComparison.Ordinal)
        || a.Name.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)
        || a.Name.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal)
        || a.Name.StartsWith("Microsoft.AspNetCore.Routing", StringComparison.Ordinal));

    [Fact]
    public void Devices_know_no_database() => Assert.Empty(
        from type in References.Of(Devices)
        from name in type.Value
        where name.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal)
            || name.StartsWith("Npgsql.", StringComparison.Ordinal) || name.StartsWith("ParkingSaaS.Core.Storage.", StringComparison.Ordinal)
        select $"{type.Key} names {name}");

    /// <summary>Another database would be another Storage, and what EF Core's dialects say in some mappings and queries.</summary>
    [Fact]
    public void Only_storage_names_the_databases_provider() => Assert.Empty(
        from type in References.Of(Core).Concat(References.Of(Devices)).Concat(References.Of(Web))
        where !type.Key.StartsWith("ParkingSaaS.Core.Storage.", StringComparison.Ordinal)
        from name in type.Value
        where name.StartsWith("Npgsql.", StringComparison.Ordinal)
        select $"{type.Key} names {name}");

    [Fact]
    public void Every_type_of_Core_belongs_to_a_slice() => Assert.DoesNotContain(References.Of(Core).Keys,
        t => t.StartsWith("ParkingSaaS.", StringComparison.Ordinal) && LevelOf(t, Levels) is null);

    [Fact]
    public void No_slice_names_a_higher_one() => Assert.Empty(
        from type in References.Of(Core)
        from name in type.Value
        where LevelOf(type.Key, Levels) < LevelOf(name, Levels)
        select $"{type.Key} names {name}");

    [Fact]
    public void Every_type_of_Web_belongs_to_a_room() => Assert.Equal(["ParkingSaaS.Web.Texts", "ParkingSaaS.Web._Imports"], References.Of(Web).Keys.Where(t =>
        t.StartsWith("ParkingSaaS.", StringComparison.Ordinal) && LevelOf(t, WebLevels) is null).Order(StringComparer.Ordinal));

    /// <summary>A page may use any use case of Core; of Web it knows its own room and those below.</summary>
    [Fact]
    public void No_room_names_a_higher_one() => Assert.Empty(
        from type in References.Of(Web)
        from name in type.Value
        where name.StartsWith("ParkingSaaS.Web.", StringComparison.Ordinal) && LevelOf(OfComponent(type.Key), WebLevels) < LevelOf(name, WebLevels)
        select $"{type.Key} names {name}");

    /// <summary>They are found: whoever named one would begin a list of them.</summary>
    [Fact]
    public void Nobody_names_what_a_folder_registers_itself_by()
    {
        string[] slices = [.. Core.GetTypes().Concat(Web.GetTypes())
            .Where(t => t.IsClass && (t.IsAssignableTo(typeof(ISlice)) || t.IsAssignableTo(typeof(IWebSlice))))
            .Select(t => t.FullName!)];
        Assert.True(slices.Length > 20);
        Assert.Empty(
            from type in References.Of(Core).Concat(References.Of(Web))
            from name in type.Value
            where type.Key != name && slices.Contains(name)
            select $"{type.Key} names {name}");
    }

    /// <summary>Nothing in Web, whether page, endpoint or start, opens a database but by the doors, or drops an actor's reach.</summary>
    [Fact]
    public void The_web_has_no_way_past_the_doors() => Assert.Empty(
        from type in References.Of(Web)
        from name in type.Value
        where PastTheDoors.Any(p => name.StartsWith(p, StringComparison.Ordinal)) || name.EndsWith("::IgnoreQueryFilters", StringComparison.Ordinal)
        select $"{type.Key} names {name}");

    /// <summary>What comes before there is an actor is at hand for the start and the sign-in, and for no page.</summary>
    [Fact]
    public void What_comes_before_the_doors_is_out_of_a_pages_reach() => Assert.Equal(
        BeforeTheDoors.Order(StringComparer.Ordinal).ToArray(),
        References.Of(Web).Where(t => t.Value.Overlaps(OpensWithoutActor)).Select(t => t.Key).Order(StringComparer.Ordinal).ToArray());

    [Fact]
    public void The_list_of_what_opens_databases_without_an_actor_is_current() => Assert.All(
        OpensWithoutActor.Where(n => n.StartsWith("ParkingSaaS.", StringComparison.Ordinal)),
        n => Assert.NotNull(Core.GetType(n)));

    /// <summary>A rule that sees nothing would hold for ever.</summary>
    [Fact]
    public void References_in_code_signatures_and_generics_are_seen()
    {
        var names = References.Of(typeof(StructureTests).Assembly)[typeof(Sample).FullName!];
        Assert.Superset(
            new[] { typeof(Uri), typeof(Version), typeof(System.Text.Rune), typeof(System.Net.Cookie) }.Select(t => t.FullName!).ToHashSet(),
            names);
        Assert.Contains($"{typeof(Version).FullName}::get_Major", names);
        Assert.Contains($"{typeof(Sample).FullName}::Body", names);
    }

    [Fact]
    public void An_interface_stands_before_what_is_outside_or_has_several_implementations() => Assert.Empty(
        from port in Core.GetExportedTypes()
        where port.IsInterface && !Ports.Contains(port.Name)
        let implementations = Core.GetTypes().Concat(Devices.GetTypes()).Where(t => t.IsClass && !t.IsAbstract && port.IsAssignableFrom(t))
        where implementations.Count() < 2
        select port.FullName);

    [Fact]
    public void The_list_of_ports_is_current() => Assert.All(Ports, p => Assert.Contains(Core.GetExportedTypes(), t => t.IsInterface && t.Name == p));

    /// <summary>Pages call use cases: what signs in and what keeps accounts is out of their reach.</summary>
    [Fact]
    public void No_component_names_what_keeps_accounts() => Assert.Empty(
        from type in References.Of(Web)
        where Components.Contains(type.Key)
        from name in type.Value
        where name.StartsWith("Microsoft.AspNetCore.Identity.", StringComparison.Ordinal) || name == typeof(AccountDatabases).FullName
        select $"{type.Key} names {name}");

    /// <summary>A page is open for longer than its session may last: it asks each time who uses it.</summary>
    [Fact]
    public void No_component_keeps_a_right() => Assert.Empty(
        from type in Web.GetTypes()
        where typeof(ComponentBase).IsAssignableFrom(type)
        from field in type.GetFields(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where Authorities.Contains(field.FieldType)
        select $"{type.Name}.{field.Name}");

    static readonly Type[] Authorities = [typeof(Actor), typeof(SignedIn), typeof(CitySession), typeof(CityDb), typeof(ControlDb)];
    static readonly HashSet<string> Components = [.. Web.GetTypes().Where(typeof(ComponentBase).IsAssignableFrom).Select(t => t.FullName!)];

    /// <summary>Interactive pages hold a circuit, so each wants somebody who signed in.</summary>
    [Fact]
    public void Nothing_anonymous_is_interactive() => Assert.Equal([],
        from page in Web.GetTypes()
        where page.GetCustomAttributes<RouteAttribute>().Any()
            && page.GetCustomAttribute<ExcludeFromInteractiveRoutingAttribute>() is null
        where !page.GetCustomAttributes<AuthorizeAttribute>().Any() || page.GetCustomAttribute<AllowAnonymousAttribute>() is not null
        select page.Name);

    /// <summary>Nothing but the door hands out a city's context.</summary>
    [Fact]
    public void No_public_member_hands_out_a_context_past_the_door()
    {
        var leaks = Core.GetExportedTypes()
            .Where(t => t != typeof(CitySession) && t != typeof(CityDb))
            .SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => (m is MethodInfo f && Names(f.ReturnType)) || (m is PropertyInfo p && Names(p.PropertyType))
                || (m is FieldInfo x && Names(x.FieldType)));
        Assert.Empty(leaks);

        static bool Names(Type type) => type == typeof(CityDb) || (type.IsGenericType && type.GetGenericArguments().Any(Names));
    }

    /// <summary>A test that is left out is a test that fails: PostgreSQL and the browser are there, or the run is red.</summary>
    [Fact]
    public void No_test_is_skipped() => Assert.Empty(
        from type in typeof(StructureTests).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        from attribute in method.GetCustomAttributesData()
        where attribute.AttributeType.IsAssignableTo(typeof(FactAttribute))
            && attribute.NamedArguments.Any(a => a.MemberName.StartsWith("Skip", StringComparison.Ordinal))
        select $"{type.Name}.{method.Name}");

    static int? LevelOf(string type, string[][] levels) => type.Split('.') is ["ParkingSaaS", "Core" or "Web", var slice, _, ..]
        && Array.FindIndex(levels, l => l.Contains(slice)) is >= 0 and var level ? level : null;

    /// <summary>What Razor infers of a component's markup it writes into a class of its own.</summary>
    static string OfComponent(string type) => type.StartsWith("__Blazor.", StringComparison.Ordinal) ? type["__Blazor.".Length..] : type;
}

/// <summary>Names types in each of the ways that code can.</summary>
sealed class Sample : List<Uri>
{
    static int In(Version? version) => version?.Major ?? 0;

    static object Body()
    {
        Func<object> later = () => new System.Net.Cookie();
        return (later(), default(System.Text.Rune).Value, In(null));
    }

    public override string ToString() => Body().ToString()!;
}
