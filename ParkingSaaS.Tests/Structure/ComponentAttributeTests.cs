using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Structure;

/// <summary>An attribute that a component does not know fails only when it is drawn; here it fails before.</summary>
public sealed partial class ComponentAttributeTests
{
    static readonly Dictionary<string, Type> Components = typeof(ListFilters).Assembly.GetTypes()
        .Where(t => t.IsAssignableTo(typeof(IComponent)) && !t.IsAbstract && !t.IsDefined(typeof(RouteAttribute)))
        .ToDictionary(t => t.Name.Split('`')[0]);

    [Fact]
    public void Pages_give_our_components_only_what_they_take()
    {
        var uses = Directory.EnumerateFiles(SourceTree.At("ParkingSaaS.Web"), "*.razor", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Tag().Matches(File.ReadAllText(file)).Select(tag => (File: Path.GetFileName(file), Tag: tag)))
            .Where(use => Components.ContainsKey(use.Tag.Groups["name"].Value)).ToList();
        Assert.True(uses.Count > 500, $"{uses.Count} uses of our components: they are no longer found");
        Assert.Empty(from use in uses
                     let component = Components[use.Tag.Groups["name"].Value]
                     where !Parameters(component).Any(p => p.GetCustomAttribute<ParameterAttribute>()!.CaptureUnmatchedValues)
                     let known = Parameters(component).Select(p => p.Name)
                         .Concat(TypeParameters(component)).Append("Context").ToHashSet(StringComparer.OrdinalIgnoreCase)
                     from attribute in use.Tag.Groups["attribute"].Captures.Select(c => c.Value)
                     where char.IsAsciiLetter(attribute[0]) && !known.Contains(attribute)
                     select $"{use.File}: <{component.Name} {attribute}>");
    }

    static IEnumerable<PropertyInfo> Parameters(Type component) =>
        component.GetProperties().Where(p => p.IsDefined(typeof(ParameterAttribute)));

    static IEnumerable<string> TypeParameters(Type component) =>
        component.IsGenericTypeDefinition ? component.GetGenericArguments().Select(a => a.Name) : [];

    /// <summary>A tag with its attributes; a value in quotes may hold code with quotes of its own in round brackets.</summary>
    [GeneratedRegex("""
        <(?<name>[A-Z]\w*)
        (?:\s+(?<attribute>[@\w:-]+)
          (?:=(?:"(?:@\((?>[^()"]|"[^"]*"|(?<o>\()|(?<-o>\)))*\)|@\w+\["[^"]*"[^"]*|[^"])*"|[^\s"/>]+))?
        )*\s*/?>
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tag();
}
